"""Test cases: writing, checking and exporting them."""
