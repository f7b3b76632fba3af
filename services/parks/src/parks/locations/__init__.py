"""Where a park lies: its point and its boundary."""
