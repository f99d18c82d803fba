"""Reads of this room, split by what is read."""
