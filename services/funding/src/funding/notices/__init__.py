"""Public notices: who is to be awarded, shown to everybody before it is done."""
