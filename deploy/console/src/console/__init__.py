"""What operators of the containers call."""
