"""Pure decisions about statuses and moves."""
