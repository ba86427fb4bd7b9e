"""The HTTP rim: the public API, the dashboard and hooks."""
