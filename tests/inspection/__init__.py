"""Checks of pictures, tried on specimens that we draw."""
