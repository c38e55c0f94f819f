"""Files that accounts are written to and read from: one module for a format."""
