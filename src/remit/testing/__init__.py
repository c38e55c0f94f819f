"""Tests with Remit."""
