"""The acts on an application: write it, sign it, send it, correct it, take it back."""
