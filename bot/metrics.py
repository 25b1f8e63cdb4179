"""What the program counts for Prometheus; labels never hold anything about a person."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from dialogs.ports import DeadLetter, DeadLetters

CHANNELS: Final = ("web", "telegram", "wechat", "wecom")

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Metrics:
    """The counters of one process, in a registry of their own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _turns: Counter = field(init=False)
    _seconds: Histogram = field(init=False)
    _refusals: Counter = field(init=False)
    _dead_letters: Counter = field(init=False)
    _handovers: Counter = field(init=False)
    _streams: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self._turns = Counter(
            "beian_turns", "Turns taken and committed.", ["channel"], registry=self.registry
        )
        self._seconds = Histogram(
            "beian_turn_seconds",
            "Seconds from a message's arrival to its committed turn.",
            ["channel"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._refusals = Counter(
            "beian_refusals",
            "Messages a channel refused before a turn, by reason.",
            ["channel", "reason"],
            registry=self.registry,
        )
        self._dead_letters = Counter(
            "beian_dead_letters", "Turns that failed.", ["channel"], registry=self.registry
        )
        for channel in CHANNELS:  # so that the first one is an increase, too
            self._dead_letters.labels(channel)
        self._handovers = Counter(
            "beian_handovers",
            "Applicants who asked for a person.",
            ["channel"],
            registry=self.registry,
        )
        self._streams = Gauge(
            "beian_web_streams", "Open event streams of the web chat.", registry=self.registry
        )

    @contextmanager
    def turn(self, channel: str) -> Iterator[None]:
        """Time one turn; counted only if it was committed."""
        began = time.perf_counter()
        yield
        self._turns.labels(channel).inc()
        self._seconds.labels(channel).observe(time.perf_counter() - began)

    def refused(self, channel: str, reason: str) -> None:
        """Count a refusal; ``reason`` is a code of ours, never something a person sent."""
        self._refusals.labels(channel, reason).inc()

    def handover(self, channel: str) -> None:
        """Count somebody who asked for a person."""
        self._handovers.labels(channel).inc()

    @contextmanager
    def stream(self) -> Iterator[None]:
        """Count an event stream while it is open."""
        with self._streams.track_inprogress():
            yield

    def page(self) -> bytes:
        """All counters in Prometheus' text format."""
        return generate_latest(self.registry)

    def counting(self, letters: DeadLetters) -> DeadLetters:
        """The same dead letters, counted as they come in."""
        return _Counted(letters, self._dead_letters)


@dataclass(frozen=True, slots=True)
class _Counted:
    letters: DeadLetters
    count: Counter

    async def put(self, letter: DeadLetter) -> None:
        self.count.labels(letter.identity.channel).inc()
        await self.letters.put(letter)
