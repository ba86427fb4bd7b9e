"""Ids, clock, error root, redaction, tasks: standard library only, imports nothing of Assay."""
