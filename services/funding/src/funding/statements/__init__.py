"""Account statements and the trial balance, at any date."""
