"""The conversation: flows, answers, understanding, wording, the turn; no framework, no clock."""
