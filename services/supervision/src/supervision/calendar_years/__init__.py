"""The years of the calendar: expected, announced, or confirmed by the office from the notice."""
