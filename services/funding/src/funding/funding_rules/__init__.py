"""Rules the money must keep, and their live result."""
