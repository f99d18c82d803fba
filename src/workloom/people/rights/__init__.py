"""Rights are an enumeration, roles are one table."""
