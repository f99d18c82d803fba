"""No domain word lives here: the ground that every room stands on."""
