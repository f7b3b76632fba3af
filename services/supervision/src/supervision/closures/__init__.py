"""What has to be shown before an item may be closed, by what it came from."""
