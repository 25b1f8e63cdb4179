"""Measurements beside the peers, each as a ratio within one run: `python -m bench`."""
