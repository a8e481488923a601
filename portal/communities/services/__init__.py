"""The acts of this room: the register, people, organisations and bodies."""
