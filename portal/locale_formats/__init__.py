"""Numbers and dates are written and read in the Norwegian way in every interface language (see portal.formats)."""
