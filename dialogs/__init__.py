"""The conversation: flows, answers, understanding, wording and the turn. No framework, clock or database."""
