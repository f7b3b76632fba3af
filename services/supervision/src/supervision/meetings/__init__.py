"""Work meetings, called on the calendar, and their decisions."""
