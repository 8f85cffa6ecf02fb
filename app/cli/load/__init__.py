"""The load test: a whole Careloop started on this machine alone, measured, and broken on purpose."""
