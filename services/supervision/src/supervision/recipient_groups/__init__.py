"""Who receives the bulletins."""
