"""Who has not reported, by when it is due, and the reminders of it."""
