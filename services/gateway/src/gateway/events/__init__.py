"""Everything that was published, in one order: a list to read and a stream to follow."""
