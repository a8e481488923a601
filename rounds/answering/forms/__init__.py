"""The form engine's forms: the pages of questions, and the fields that take what people paste."""
