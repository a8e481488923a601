"""The secretariat's pages about organisations, bodies and people, and each person's own page."""
