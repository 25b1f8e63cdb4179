"""What reminding counts for Prometheus, and what it tells the operator's log."""

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from dialogs.reminding import ReminderStatus, StaffTask
from scheduler.ports import Figures, Outcome

_LOG = structlog.get_logger("beian")
_LATE = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 4 * 3600.0, 24 * 3600.0)


class ReminderMetrics:
    """An ``Observer`` of the sweep; labels name kinds and reasons, nobody's data."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._delivered = Counter(
            "beian_reminders_delivered",
            "Reminders a channel delivered or refused.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._late = Histogram(
            "beian_reminder_late_seconds",
            "Seconds between a reminder's planned time and its delivery.",
            buckets=_LATE,
            registry=registry,
        )
        self._settled = Counter(
            "beian_reminders_settled",
            "Reminders handed on, dropped or given up by a sweep.",
            ["status"],
            registry=registry,
        )
        self._tasks = Counter(
            "beian_staff_tasks", "Tasks left to staff by reminding.", ["kind"], registry=registry
        )
        self._faults = Counter(
            "beian_reminder_faults", "Batches of a sweep that failed.", registry=registry
        )
        self._now = Gauge(
            "beian_reminders",
            "Reminders by state; at_risk counts open deadlines that end within a day.",
            ["state"],
            registry=registry,
        )
        self._quantiles = Gauge(
            "beian_reminder_late_quantile_seconds",
            "How late the reminders of the last day were.",
            ["quantile"],
            registry=registry,
        )

    def outcome(self, outcome: Outcome) -> None:
        """See ``Observer``."""
        self._delivered.labels(outcome.kind, "sent" if outcome.sent else "refused").inc()
        if outcome.sent:
            self._late.observe(outcome.late.total_seconds())

    def settled(self, status: ReminderStatus) -> None:
        """See ``Observer``."""
        self._settled.labels(status.value).inc()

    def task(self, task: StaffTask) -> None:
        """See ``Observer``."""
        self._tasks.labels(task.kind).inc()
        _LOG.warning(
            "a deadline needs a person",
            reason=task.kind,
            filing=task.filing_id,
            deadline=task.deadline,
        )

    def fault(self) -> None:
        """See ``Observer``."""
        self._faults.inc()

    def show(self, figures: Figures) -> None:
        """Put the store's figures on the page."""
        for state in ("planned", "due", "handed", "sent", "failed", "late", "at_risk", "tasks"):
            self._now.labels(state).set(getattr(figures, state))
        self._quantiles.labels("0.5").set(figures.late_p50.total_seconds())
        self._quantiles.labels("0.99").set(figures.late_p99.total_seconds())
