"""What people say about tasks."""
