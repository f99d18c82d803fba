"""Rooms that read the log or carry data in and out."""
