"""The pages of the room, by the people they are for."""
