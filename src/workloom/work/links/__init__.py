"""How tasks hang together."""
