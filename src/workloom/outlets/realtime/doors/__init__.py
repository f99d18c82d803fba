"""How connections come in: sockets, and streams that a request was turned into."""
