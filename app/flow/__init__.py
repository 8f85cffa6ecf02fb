"""The script engine. Pure: it decides and returns effects, and does nothing itself."""
