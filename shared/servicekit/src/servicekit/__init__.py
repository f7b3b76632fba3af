"""What every service needs and no business word: HTTP, database, messages, permissions."""
