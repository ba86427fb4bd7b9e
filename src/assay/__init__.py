"""Assay: a self-hosted QA engineer you chat with."""
