"""The demo: what has happened in the portal before you sign in, done by the services of all rooms."""
