"""From acceptance to the evaluation nine months into operation, and every reminder."""
