"""The flows: one module per filing kind that the assistant can complete."""
