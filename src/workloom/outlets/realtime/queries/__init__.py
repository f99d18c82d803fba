"""What happened, who may see it now, and who is still signed in."""
