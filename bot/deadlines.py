"""`beian deadlines`: how reminding stands, and what needs a person."""

from typing import Any

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import open_stores

SHOWN_TASKS = 50


async def deadlines_now(settings: Settings) -> dict[str, Any]:
    """The figures and the oldest open tasks, as data."""
    async with open_stores(settings, real_clock) as stores:
        figures = await stores.reminders.figures(real_clock())
        tasks = await stores.reminders.tasks(SHOWN_TASKS)
    return {
        "planned": figures.planned,
        "due": figures.due,
        "handed": figures.handed,
        "sent": figures.sent,
        "failed": figures.failed,
        "late": figures.late,
        "at_risk": figures.at_risk,
        "tasks": figures.tasks,
        "late_p50_seconds": round(figures.late_p50.total_seconds(), 3),
        "late_p99_seconds": round(figures.late_p99.total_seconds(), 3),
        "next_due": figures.next_due.isoformat() if figures.next_due else None,
        "open_tasks": [
            {
                "filing": task.filing_id,
                "kind": task.kind,
                "deadline": task.deadline,
                "at": task.at.isoformat(),
            }
            for task in tasks
        ],
    }


def as_lines(data: dict[str, Any]) -> str:
    """The same for people."""
    lines = [
        f"planned   {data['planned']}  (next {data['next_due'] or '-'})",
        f"due now   {data['due']}",
        f"in outbox {data['handed']}",
        f"last day  sent {data['sent']}, failed {data['failed']}, late {data['late']} "
        f"(p50 {data['late_p50_seconds']} s, p99 {data['late_p99_seconds']} s)",
        f"at risk   {data['at_risk']}  (deadlines that end within a day)",
        f"tasks     {data['tasks']}",
    ]
    lines += [
        f"  {task['at'][:16]}  {task['kind']:<12} {task['filing']}  {task['deadline'] or ''}"
        for task in data["open_tasks"]
    ]
    return "\n".join(lines)
