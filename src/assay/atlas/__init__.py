"""Exploring a site and keeping what was learnt: the app map."""
