"""Payment holds while a rectification is open against a payee."""
