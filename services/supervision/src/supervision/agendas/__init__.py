"""What a meeting has before it, and what a unit has to tell there."""
