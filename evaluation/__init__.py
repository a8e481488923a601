"""From the deadline to the last report, four rooms in the order of the process."""
