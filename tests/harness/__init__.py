"""Real counterparts for the tests: PostgreSQL, Redis, SMTP, a virus scanner, a browser. Loopback only."""
