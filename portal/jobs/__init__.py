"""Jobs are rows, written in the transaction of the act that queues them; the broker only tells that there are some."""
