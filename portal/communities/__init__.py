"""Helsefellesskap, organisations, bodies, seats, and the people who sign in."""
