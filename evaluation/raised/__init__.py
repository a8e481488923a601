"""The room of the raised cases: what members, bodies and partners ask a body to take up (R134)."""
