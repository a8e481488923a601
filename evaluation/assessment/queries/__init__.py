"""Reads of the room, by the page that shows them."""
