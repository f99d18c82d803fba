"""Pure decisions on names, passwords, tokens and sessions."""
