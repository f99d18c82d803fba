"""What users came for."""
