"""Mail: a ledger of what is to be sent, letters by kind, and the one way to the mail server."""
