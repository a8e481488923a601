"""The pages of the room, by what the person does on them."""
