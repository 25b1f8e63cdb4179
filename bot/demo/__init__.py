"""The demonstration: four people file at once, on four channels, a month in two minutes."""
