"""How a call ends: ranked against its money, awarded after its notice, or cancelled."""
