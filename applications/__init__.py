"""The joint application: written together, signed by each partner, sent, and frozen."""
