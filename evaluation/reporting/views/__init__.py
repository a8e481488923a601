"""The pages of the room: the reports and their files, the writing of one, and the figures with what lies behind."""
