"""Measurements of the product through its public faces. ``python -m bench NAME --help``."""
