"""The log of acts: append-only, each entry holds the digest of the one before it."""
