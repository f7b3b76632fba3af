"""Where an enterprise stood and what it counted as, from when to when."""
