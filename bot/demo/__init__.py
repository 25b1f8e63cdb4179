"""The demonstration: three people file at once, on three channels, a month in two minutes."""
