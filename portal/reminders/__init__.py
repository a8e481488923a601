"""Reminders by mail: which are due, and that each is sent once. The rooms say what people are reminded of."""
