"""From acceptance to the evaluation nine months into operation."""
