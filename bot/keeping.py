"""How long the operator keeps what people gave, as the settings say."""

from datetime import timedelta

from bot.settings import Settings
from filing.materials.retention import KeepingTime


def keeping_time(settings: Settings) -> KeepingTime:
    """After the end of a filing, and without a sign of life."""
    return KeepingTime(
        timedelta(days=settings.retention_days), timedelta(days=settings.retention_idle_days)
    )
