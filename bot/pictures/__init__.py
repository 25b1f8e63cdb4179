"""Pictures the assistant sends, drawn from what they say."""

from bot.pictures.drawing import Theme, draw

__all__ = ["Theme", "draw"]
