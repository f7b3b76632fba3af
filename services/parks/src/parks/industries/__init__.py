"""The national classification of industries, as far as it is checked."""
