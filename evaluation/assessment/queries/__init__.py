"""Page-shaped reads of the room."""
