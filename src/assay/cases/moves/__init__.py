"""Moves: orders that name no single control, from "drag it left" to "reply to the mail by Ann"."""
