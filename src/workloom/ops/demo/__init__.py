"""A small company's data, to look at: `manage.py demo`."""
