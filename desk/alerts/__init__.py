"""Alerts to staff: what they have to see to, in the desk, by e-mail and in a Telegram group."""
