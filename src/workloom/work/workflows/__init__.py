"""A project's statuses and the moves allowed between them."""
