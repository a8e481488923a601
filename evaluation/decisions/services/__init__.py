"""The acts of the room: deciding, writing letters, sending them."""
