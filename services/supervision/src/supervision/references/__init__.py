"""What the other services have, by code and name: to be looked up and to be spoken of."""
