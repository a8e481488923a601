"""The acts of the room: writing a plan, adopting it, telling of its measures, putting its status up."""
