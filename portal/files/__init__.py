"""Stored files: uploads are hostile until checked; downloads go through the owner's permission check."""
