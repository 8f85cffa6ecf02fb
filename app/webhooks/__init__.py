"""What carriers call: verify, keep, answer fast."""
