"""The unit tree, copied from the service that owns it."""
