"""Pure decisions: who is told of what, at which hour, in which words."""
