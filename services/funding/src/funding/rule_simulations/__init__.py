"""What the rules would say if: nothing is changed by asking."""
