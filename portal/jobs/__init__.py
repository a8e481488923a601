"""Jobs are rows, written in the transaction of the act that wants them done; the broker is only a doorbell."""
