"""What the desk is made of: handed in by the program, shared by all pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desk.alerts.ports import AlertStore
from desk.attempts import Attempts
from desk.audit import Audit
from desk.config import DeskConfig
from desk.factors import Factors
from desk.gaps.editing import Gaps
from desk.helping import Helping
from desk.live_queue import LiveQueue
from desk.oidc import OidcServer
from desk.quality.reading import Quality
from desk.rendering import Templates
from desk.sessions import Sessions
from desk.staff import Agents
from desk.statistics.numbers import Numbers
from desk.supervising.supervision import Supervision
from desk.wording import Texts
from dialogs.assistant import Assistant
from dialogs.world import World

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the program gives the desk; a page that needs more adds a field here."""

    config: DeskConfig
    clock: Clock
    agents: Agents
    sessions: Sessions
    factors: Factors
    attempts: Attempts
    audit: Audit
    assistant: Assistant
    world: World
    oidc: OidcServer | None
    numbers: Numbers
    supervision: Supervision
    helping: Helping
    queue: LiveQueue
    gaps: Gaps
    quality: Quality
    alerts: AlertStore


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts with texts and templates, as routes find it in ``request.app.state.desk``."""

    parts: Parts
    texts: Texts
    templates: Templates
