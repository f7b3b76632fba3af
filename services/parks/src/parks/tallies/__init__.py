"""What each accepted return adds to the sums, and the sums by period, park and class."""
