"""What the numbers of a return are checked by: rules as data."""
