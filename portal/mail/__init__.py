"""The outbox: a mail is a row, written in the transaction of its act and sent by a job."""
