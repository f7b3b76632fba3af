"""Who has signed the result of an inspection, when, and what exactly."""
