"""Who may see an event: the services' own rules, on the gateway's copy of the unit tree."""
