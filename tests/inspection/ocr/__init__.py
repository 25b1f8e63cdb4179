"""Reading papers in photos."""
