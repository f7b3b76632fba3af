"""The lean path: a request goes to the service that owns the resource, unchanged but for the
headers that belong to one connection."""
