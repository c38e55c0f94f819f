"""Organization, prices, commitments, usage and expected lines in one file that a person can write."""
