"""What was found of the rules: each change of a number or a verdict."""
