"""What supervision has heard of the numbers of units: their indicators, returns and money."""
