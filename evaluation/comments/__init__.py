"""The room of the comments: a case is sent to others for comments («til innspill») before it is decided (R138)."""
