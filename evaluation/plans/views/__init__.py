"""One function for each page or press: the plan as everybody reads it, and as the secretariat writes it."""
