"""The plans that units owe: handed in, reviewed, approved, revised."""
