"""Where payees are paid to: their bank accounts, entered by one person and confirmed by another."""
