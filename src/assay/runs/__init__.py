"""Replaying test cases, proving that they can fail, and keeping what happened."""
