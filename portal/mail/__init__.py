"""The outbox: a mail is a row, written with the act, sent by a job."""
