"""Session fixtures: each starts its counterpart when first asked for, and stops it."""
