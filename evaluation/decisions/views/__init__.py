"""The pages of decisions and letters, and what their buttons do."""
