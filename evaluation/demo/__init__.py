"""The demo: what has happened in the portal before you sign in, told through the services of all rooms."""
