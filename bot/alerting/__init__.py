"""The ways to staff on the parts of the program: a Telegram group, and e-mail."""
