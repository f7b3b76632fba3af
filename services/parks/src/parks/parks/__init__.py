"""The parks, whom they belong to, and the grade each has and wants."""
