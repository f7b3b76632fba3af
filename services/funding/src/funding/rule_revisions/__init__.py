"""What rules said: each change of one, with its document; nothing is overwritten."""
