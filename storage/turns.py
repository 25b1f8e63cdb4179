"""One turn as rows: what it adds to the case it started from, encrypted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dialogs.case import Case, FilingRecord
from dialogs.ports import FormGrant, Outgoing, Question, TurnRecord
from storage import codec, places
from storage.changes import (
    changed_filings,
    check_turn,
    ends_hold,
    first_new,
    last_on,
    moment_of,
    newly_blanked,
    newly_gone,
    takes_conversation,
)
from storage.crypto import Cipher
from storage.handovers import handover_rows
from storage.instant import to_micros
from storage.keys import DataKeys
from storage.ports import StorePolicy
from storage.reminder_rows import settled_rows
from storage.rows import (
    AnswerBlanked,
    ConversationChange,
    Counted,
    ErasureChange,
    FilingChange,
    FilingGoneOver,
    FormSpent,
    HandoverCommented,
    HoldChange,
    IndexEntry,
    IndexGone,
    MaterialGone,
    NewAnswer,
    NewApplicant,
    NewConsent,
    NewConversation,
    NewEvent,
    NewFiling,
    NewForm,
    NewIdentity,
    NewMaterial,
    NewMessage,
    NewQuestion,
    NewReceipt,
    NewVerdict,
    QuestionAnswered,
    RemindersReleased,
    TurnRow,
    WaitingWithdrawn,
)

HEARD, SAID, DELETE = "heard", "said", "delete"
"""Kinds of message rows."""


@dataclass(frozen=True, slots=True)
class PreparedTurn:
    """A turn ready to be written; ``stored`` is the case as the store then holds it."""

    turn: TurnRecord
    stored: Case
    rows: tuple[TurnRow, ...]
    new_keys: Mapping[str, Cipher]


def known_scopes(turn: TurnRecord) -> list[str]:
    """The scopes whose stored keys are needed to encrypt the turn."""
    scopes = [before.id for before, _ in changed_filings(turn) if before is not None]
    if turn.before.version:
        scopes.append(turn.before.conversation_id)
    return scopes


def prepare(
    turn: TurnRecord, ciphers: Mapping[str, Cipher], keys: DataKeys, policy: StorePolicy
) -> PreparedTurn:
    """Encrypt a turn; ``ciphers`` holds the keys of its ``known_scopes``.

    What is stored is the difference between ``before`` and ``after``, so that a turn which
    touches two filings (one withdrawn, the next begun) is stored whole. Raises
    ``InconsistentTurn`` if ``after`` lacks something ``before`` had.
    """
    check_turn(turn)
    return _Preparation(turn, ciphers, keys, policy).run()


class _Preparation:
    def __init__(
        self, turn: TurnRecord, ciphers: Mapping[str, Cipher], keys: DataKeys, policy: StorePolicy
    ) -> None:
        self.turn = turn
        self.keys = keys
        self.policy = policy
        self.ciphers = dict(ciphers)
        self.new_keys: dict[str, Cipher] = {}
        self.rows: list[TurnRow] = []
        self.at = to_micros(moment_of(turn))
        self.version = turn.before.version + 1

    def run(self) -> PreparedTurn:
        turn = self.turn
        self.conversation()
        self.hold()
        self.erasing()
        for before, after in changed_filings(turn):
            self.filing(before, after)
        self.consents()
        if turn.form is not None:
            self.rows.append(FormSpent(self.at, turn.form))
        self.rows += map(_form_row, turn.forms)
        self.heard()
        self.rows += map(self.question, turn.questions)
        self.rows += (
            QuestionAnswered(self.at, late.article, late.question) for late in turn.late_answers
        )
        if turn.receipt is not None:
            scope = turn.after.conversation_id
            self.rows.append(NewReceipt(turn.receipt.key, scope, turn.receipt.answer, self.at))
        self.rows += (Counted(self.at, route) for route in turn.routes)
        self.rows += handover_rows(turn, self.at)
        if turn.rating_comment is not None:
            scope = turn.after.conversation_id
            words = codec.dump_text(turn.rating_comment)
            sealed = self.ciphers[scope].seal(words, places.comment(scope))
            self.rows.append(HandoverCommented(sealed, scope))
        self.rows += map(self.outgoing, turn.outgoing)
        self.rows += settled_rows(turn, self.at)
        stored = replace(turn.after, version=self.version, last_on=last_on(turn))
        return PreparedTurn(turn, stored, tuple(self.rows), self.new_keys)

    def make_key(self, scope: str) -> None:
        cipher, row = self.keys.make(scope)
        self.new_keys[scope] = self.ciphers[scope] = cipher
        self.rows.append(row)

    def conversation(self) -> None:
        after, scope = self.turn.after, self.turn.before.conversation_id
        if not self.turn.before.version:
            self.make_key(scope)
        attention = self.ciphers[scope].seal(
            codec.dump_attention(after.attention), places.attention(scope, self.version)
        )
        since = after.attention.waiting_since
        waiting = None if since is None else to_micros(since)
        last = last_on(self.turn)
        channel, external_id = (None, None) if last is None else (last.channel, last.external_id)
        if self.turn.before.version:
            self.rows.append(
                ConversationChange(
                    after.locale,
                    self.version,
                    after.active,
                    attention,
                    self.at,
                    waiting,
                    channel,
                    external_id,
                    scope,
                )
            )
            return
        self.rows += (
            NewApplicant(after.applicant_id, self.at),
            NewConversation(
                scope,
                after.applicant_id,
                after.locale,
                self.version,
                after.active,
                attention,
                self.at,
                waiting,
                channel,
                external_id,
            ),
            NewIdentity(after.identity.channel, after.identity.external_id, scope),
        )

    def hold(self) -> None:
        before, after = self.turn.before, self.turn.after
        scope, hold = after.conversation_id, after.hold
        if (before.hold, before.epoch) != (hold, after.epoch):
            self.rows.append(
                HoldChange(
                    after.epoch,
                    hold.agent if hold else None,
                    hold.name if hold else None,
                    to_micros(hold.since) if hold else None,
                    to_micros(hold.until) if hold else None,
                    scope,
                )
            )
        if takes_conversation(self.turn):
            self.rows.append(WaitingWithdrawn(self.at, scope, self.at))
        if ends_hold(self.turn):
            self.rows.append(RemindersReleased(self.at, after.applicant_id))

    def erasing(self) -> None:
        erasing = self.turn.after.erasing
        if erasing == self.turn.before.erasing:
            return
        told = None if erasing is None or erasing.told_at is None else to_micros(erasing.told_at)
        due = None if erasing is None else to_micros(erasing.due_at)
        self.rows.append(ErasureChange(due, told, self.turn.after.conversation_id))

    def filing(self, before: FilingRecord | None, after: FilingRecord) -> None:
        if before is None:
            self.make_key(after.id)
            self.rows.append(
                NewFiling(
                    after.id,
                    self.turn.after.applicant_id,
                    after.flow,
                    after.flow_version,
                    to_micros(after.created_at),
                )
            )
        elif (before.flow, before.flow_version) != (after.flow, after.flow_version):
            self.rows.append(FilingChange(after.flow, after.flow_version, after.id))
        self.answers(before, after)
        if after.gone_over_at is not None and (
            before is None or before.gone_over_at != after.gone_over_at
        ):
            self.rows.append(FilingGoneOver(to_micros(after.gone_over_at), after.id))
        self.events(after, first_new(before.events if before else (), after.events, "events"))
        self.materials(before, after)
        known = before.verdicts if before else ()
        self.verdicts(after, first_new(known, after.verdicts, "verdicts"))

    def answers(self, before: FilingRecord | None, filing: FilingRecord) -> None:
        known = before.answers if before else ()
        start = first_new(known, filing.answers, "answers")
        cipher = self.ciphers[filing.id]
        indexed: dict[str, str | None] = {}
        for n in newly_blanked(known, filing.answers):
            answer = filing.answers[n]
            place = places.answer(filing.id, n, answer.step)
            sealed = cipher.seal(codec.dump_answer(answer.value, answer.basis), place)
            at = None if answer.blanked_at is None else to_micros(answer.blanked_at)
            self.rows.append(AnswerBlanked(sealed, at, filing.id, n))
            if answer.value is None and answer.step in self.policy.indexed_steps:
                self.rows.append(IndexGone(filing.id, answer.step))
        for n, answer in enumerate(filing.answers[start:], start):
            sealed = cipher.seal(
                codec.dump_answer(answer.value, answer.basis),
                places.answer(filing.id, n, answer.step),
            )
            self.rows.append(
                NewAnswer(
                    filing.id,
                    n,
                    answer.step,
                    sealed,
                    to_micros(answer.at),
                    answer.author,
                    None if answer.blanked_at is None else to_micros(answer.blanked_at),
                )
            )
            if answer.step in self.policy.indexed_steps:
                indexed[answer.step] = answer.value
        for step, value in indexed.items():
            self.rows.append(
                IndexGone(filing.id, step)
                if value is None
                else IndexEntry(filing.id, step, self.keys.blind(step, value))
            )

    def events(self, filing: FilingRecord, start: int) -> None:
        cipher = self.ciphers[filing.id]
        for n, event in enumerate(filing.events[start:], start):
            sealed = cipher.seal(
                codec.dump_data(event.data), places.event(filing.id, n, event.type)
            )
            self.rows.append(
                NewEvent(filing.id, n, str(event.type), to_micros(event.at), self.at, sealed)
            )

    def materials(self, before: FilingRecord | None, filing: FilingRecord) -> None:
        known = before.materials if before else ()
        start = first_new(known, filing.materials, "materials")
        self.rows += (MaterialGone(filing.id, n) for n in newly_gone(known, filing.materials))
        cipher = self.ciphers[filing.id]
        for n, one in enumerate(filing.materials[start:], start):
            self.rows.append(
                NewMaterial(
                    filing.id,
                    n,
                    one.id,
                    one.slot,
                    str(one.side),
                    to_micros(one.at),
                    one.media_type,
                    one.size,
                    one.width,
                    one.height,
                    cipher.seal(codec.dump_found(one), places.material(filing.id, n, one.id)),
                    one.author,
                    one.gone,
                )
            )

    def verdicts(self, filing: FilingRecord, start: int) -> None:
        cipher = self.ciphers[filing.id]
        for n, one in enumerate(filing.verdicts[start:], start):
            place = places.verdict(filing.id, n, one.material)
            self.rows.append(
                NewVerdict(
                    filing.id,
                    n,
                    one.material,
                    one.accepted,
                    to_micros(one.at),
                    one.by,
                    cipher.seal(codec.dump_reason(one), place),
                )
            )

    def consents(self) -> None:
        after = self.turn.after
        start = first_new(self.turn.before.consents, after.consents, "consents")
        for n, consent in enumerate(after.consents[start:], start):
            self.rows.append(
                NewConsent(
                    after.conversation_id,
                    n,
                    consent.kind,
                    consent.granted,
                    consent.text_version,
                    consent.text_hash,
                    to_micros(consent.at),
                    consent.channel,
                )
            )

    def heard(self) -> None:
        turn, scope = self.turn, self.turn.after.conversation_id
        if turn.inbound is None and turn.heard is None:
            return
        identity = turn.inbound.identity if turn.inbound else turn.after.identity
        cipher = self.ciphers[scope]
        sealed = files = None
        if turn.heard is not None:
            place = places.heard(scope, self.version)
            sealed = cipher.seal(codec.dump_text(turn.heard), place)
        kept = tuple(one for one in turn.inbound.files if one.file_id) if turn.inbound else ()
        if kept:
            files = cipher.seal(codec.dump_files(kept), places.files(scope, self.version))
        self.rows.append(
            NewMessage(
                None,
                scope,
                self.version,
                HEARD,
                identity.channel,
                identity.external_id,
                turn.inbound.message_id if turn.inbound else None,
                sealed,
                HEARD,
                0,
                None,
                0,
                self.at,
                None,
                turn.after.epoch,
                urgent=False,
                files=files,
            )
        )

    def question(self, asked: Question) -> NewQuestion:
        after = self.turn.after
        scope = after.conversation_id
        return NewQuestion(
            scope,
            self.version,
            after.identity.channel,
            after.identity.external_id,
            self.at,
            self.ciphers[scope].seal(
                codec.dump_text(asked.text), places.question(scope, self.version)
            ),
            asked.route,
            asked.helped,
            asked.locale,
            asked.province,
            asked.subject_kind,
            asked.filing_kind,
            asked.stage,
            asked.step,
            asked.article,
        )

    def outgoing(self, out: Outgoing) -> NewMessage:
        scope = self.turn.after.conversation_id
        if out.reply is not None:
            kind, plain = SAID, codec.dump_reply(out.reply)
        else:
            kind, plain = DELETE, codec.dump_text(out.delete or "")
        pulled = out.identity.channel in self.policy.pulled_channels
        return NewMessage(
            out.id,
            scope,
            self.version,
            kind,
            out.identity.channel,
            out.identity.external_id,
            None,
            self.ciphers[scope].seal(plain, places.said(scope, out.id)),
            "shown" if pulled else "due",
            0,
            None if pulled else self.at,
            0,
            self.at,
            out.author,
            self.turn.after.epoch,
            out.urgent,
            None,
        )


def _form_row(form: FormGrant) -> NewForm:
    identity = form.identity
    return NewForm(
        form.token_hash,
        form.filing_id,
        json.dumps(form.steps),
        identity.channel if identity else None,
        identity.external_id if identity else None,
        form.locale,
        to_micros(form.expires_at),
    )
