"""The totals the indicators are fed by, kept up with every accepted return."""
