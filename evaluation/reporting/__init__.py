"""Reports for a period from the portal's own figures: the November status and the annual report (R141, R142)."""
