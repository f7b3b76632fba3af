"""What units spend beside the government's money."""
