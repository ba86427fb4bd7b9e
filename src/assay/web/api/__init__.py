"""The public API: it translates between JSON and services and decides nothing."""
