"""What a practice teaches the reader: corrections of readings, its own words, its own bounds."""
