"""The doors: what every endpoint shares, and the only place that knows HTTP below the rooms."""
