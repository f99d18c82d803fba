"""The doors to webhooks and their deliveries."""
