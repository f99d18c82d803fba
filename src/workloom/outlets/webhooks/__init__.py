"""Webhooks: what the log says, sent to other systems as signed HTTP requests."""
