"""The public pages of the rounds, and what a secretariat sets."""
