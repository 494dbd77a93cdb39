"""What the upper unit keeps for itself beside the returned files: exceptions, contacts."""
