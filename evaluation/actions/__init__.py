"""Follow-up items: what a resolution asks somebody for, until it is carried out (R130, R133)."""
