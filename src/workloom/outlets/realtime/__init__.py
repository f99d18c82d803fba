"""Live boards: what changes is told over WebSocket and server-sent events, by the rights of that moment."""
