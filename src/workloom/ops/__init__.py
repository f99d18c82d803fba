"""Running it: health, metrics, commands."""
