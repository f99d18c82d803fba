"""One port: WebSocket on the event loop, everything else on kept threads through Django's WSGI handler."""
