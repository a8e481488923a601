"""The public pages of the rounds, and the secretariat's page for the frame."""
