"""Opens all stores of one running program together."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from scheduler.ports import LEASE as REMINDER_LEASE
from storage.agents import SqlAgents
from storage.alerts import SqlAlerts
from storage.article_drafts import SqlArticleDrafts
from storage.audit import AuditTrail, SqlAudit
from storage.cases import SqlCaseStore
from storage.claims import SqlClaims
from storage.contacts import SqlContacts
from storage.crypto import MasterKey
from storage.dead_letters import SqlDeadLetters
from storage.dockets import SqlDockets
from storage.engine import Durability
from storage.erasing import SqlErasing
from storage.erasures import FILE_NAME as ERASURES
from storage.erasures import Erasures
from storage.factors import SqlAttempts, SqlFactors
from storage.files import EncryptedFiles
from storage.filings import SqlFilings
from storage.forms import SqlFormStore
from storage.keeping import SqlKeptAnswers
from storage.keys import DataKeys
from storage.leases import SqlLeases, SqlPaces
from storage.leftovers import SqlLeftovers
from storage.links import SqlLinks
from storage.listing import SqlListing
from storage.materials import SqlMaterials
from storage.migrate import require_head, require_tables
from storage.news import SqlNews
from storage.notebook import SqlNotebook
from storage.notice_consents import SqlNoticeConsents
from storage.opening import open_database
from storage.outbox import SqlOutbox
from storage.ports import LEASE, StorePolicy, Stores
from storage.presence import SqlPresence
from storage.pulse import SqlPulses
from storage.questions import SqlQuestions
from storage.ratings import SqlRatings
from storage.receipts import SqlReceipts
from storage.reminders import SqlReminders
from storage.reviews import SqlReviews
from storage.sessions import SqlSessions
from storage.statistics import SqlStatistics
from storage.tasks import SqlTasks
from storage.transcript import SqlTranscript
from storage.waiting import SqlWaitingLine
from storage.wechat import SqlWeChat
from storage.wecom import SqlWeCom


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where everything is kept and how."""

    url: str
    files_folder: Path
    durability: Durability = Durability.NORMAL
    policy: StorePolicy = field(default_factory=StorePolicy)
    lease: timedelta = LEASE  # how long a claimed message belongs to whoever claimed it
    reminder_lease: timedelta = REMINDER_LEASE


async def open_stores(
    settings: StoreSettings, master: MasterKey, clock: Callable[[], datetime]
) -> Stores:
    """Open the stores of an up-to-date database (``storage.migrate.upgrade``).

    Raises ``SchemaOutdated``, ``SchemaNewer``, ``WrongMasterKey``, ``StoreUnavailable`` or
    ``UnsupportedDatabase``.
    """
    database = open_database(settings.url, settings.durability)
    keys = DataKeys(master)
    try:
        await database.read(require_head)
        await database.read(keys.check)
    except BaseException:
        await database.close()
        raise
    cases = SqlCaseStore(database, keys, settings.policy, lease=settings.lease)
    outbox = SqlOutbox(database, keys, settings.lease)
    dockets = SqlDockets(database, keys, settings.policy)
    trail = AuditTrail(master, clock)
    erasures = Erasures(settings.files_folder.parent / ERASURES)

    async def note_files(file_ids: Sequence[str]) -> None:
        await asyncio.to_thread(erasures.note, clock(), files=file_ids)

    async def note_applicant(applicant_id: str) -> None:
        await asyncio.to_thread(erasures.note, clock(), applicant=applicant_id)

    files = EncryptedFiles(database, keys, settings.files_folder, clock, note_files)

    async def ready() -> None:
        await database.read(require_tables)
        await database.try_writing()

    async def close() -> None:
        await cases.close()
        await outbox.close()
        await database.close()

    return Stores(
        cases=cases,
        outbox=outbox,
        transcript=SqlTranscript(database, keys),
        forms=SqlFormStore(database),
        dead_letters=SqlDeadLetters(database),
        files=files,
        filings=SqlFilings(database, keys, cases, files, note_applicant),
        materials=SqlMaterials(database),
        answers=SqlKeptAnswers(database, keys),
        erasing=SqlErasing(database),
        leftovers=SqlLeftovers(database),
        agents=SqlAgents(database, trail),
        sessions=SqlSessions(database),
        factors=SqlFactors(database, master, trail),
        attempts=SqlAttempts(database),
        audit=SqlAudit(database, trail),
        reminders=SqlReminders(database, settings.reminder_lease),
        contacts=SqlContacts(database, keys),
        links=SqlLinks(database, keys, cases),
        questions=SqlQuestions(database, keys),
        receipts=SqlReceipts(database),
        statistics=SqlStatistics(database),
        reviews=SqlReviews(database, keys),
        article_drafts=SqlArticleDrafts(database),
        notebook=SqlNotebook(database, keys),
        tasks=SqlTasks(database, keys),
        presence=SqlPresence(database),
        pulses=SqlPulses(database),
        dockets=dockets,
        listing=SqlListing(database, keys, dockets.name),
        claims=SqlClaims(database),
        ratings=SqlRatings(database, keys),
        alerts=SqlAlerts(database),
        wechat=SqlWeChat(database, master),
        wecom=SqlWeCom(database, master),
        notice_consents=SqlNoticeConsents(database),
        line=SqlWaitingLine(database),
        news=SqlNews(database),
        leases=SqlLeases(database),
        paces=SqlPaces(database),
        ready=ready,
        close=close,
    )
