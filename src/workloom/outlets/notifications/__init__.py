"""What people are told of what the log says: in the application, by mail, by hours of their own."""
