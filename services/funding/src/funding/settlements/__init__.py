"""What became of a payment: the journal moves only now."""
