"""Reminders by mail: which are due, and that each goes out once. What is reminded of is told by the rooms."""
