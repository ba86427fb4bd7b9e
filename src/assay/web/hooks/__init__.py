"""Webhooks of forges: verified, stored, answered; a job deals with them."""
