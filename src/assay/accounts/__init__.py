"""Organisations, members, API keys, dashboard sessions, sign-in links and the audit trail."""
