"""What supervision has heard of units: their indicators, returns, deeds and money."""
