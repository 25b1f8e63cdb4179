"""What papers are called, why they are needed, how they must look, and samples of them."""

from dataclasses import replace
from typing import Final

from dialogs.message import Button, Citation, OutgoingFile, ReplyKind
from dialogs.pictures import SpecimenPicture
from dialogs.turn.draft import Draft
from filing.materials.checklist import Item, Need, State
from filing.materials.material import MaterialKind, Side
from filing.rulebook import LegalSource
from filing.subject import CertificateType

_K, _C = MaterialKind, CertificateType

LETTERS: Final = frozenset(
    {
        _K.SITE_MANAGER_AUTHORISATION,
        _K.PRINCIPAL_AUTHORISATION,
        _K.COMMITMENT,
        _K.NO_PRE_APPROVAL_COMMITMENT,
        _K.NO_FINANCE_COMMITMENT,
        _K.TRUTHFULNESS_LETTER,
        _K.SITE_NAME_EXPLANATION,
        _K.CONSTRUCTION_PLAN,
        _K.OPENING_APPROVAL,
    }
)
"""Papers the applicant writes themselves: there is a letter ready to sign."""

_CARDS: Final = frozenset(
    {
        _C.ID_CARD,
        _C.HK_MO_PERMIT,
        _C.TAIWAN_PERMIT,
        _C.FOREIGN_PERMANENT_RESIDENT,
        _C.HK_MO_TW_RESIDENCE_PERMIT,
    }
)
_DRAWN: Final = {
    _K.SUBJECT_CERTIFICATE: "licence",
    _K.DOMAIN_CERTIFICATE: "domain",
    _K.CONSTRUCTION_PLAN: "plan",
    _K.NAME_CHANGE_NOTICE: "proof",
    _K.PRE_APPROVAL_DOCUMENT: "proof",
    _K.FINANCE_LICENCE: "proof",
    _K.OPENING_APPROVAL: "plan",
    _K.RESIDENCE_PROOF: "card",
    _K.OTHER: "proof",
}
"""Which sort of paper is drawn as the sample of a kind; letters and identity papers aside."""

_SHORT: Final = 3
"""Needs told with the question; the others are told with the reason and the sample."""


def name_of(draft: Draft, item: Item) -> str:
    """What a paper is called: 营业执照, 网站负责人的身份证 …"""
    certificate = item.certificate
    return draft.text(
        f"material.{item.slot.kind}.name",
        whose=draft.text(f"material.whose.{_whose(draft, item)}"),
        certificate=draft.text(f"choice.cert_type.{certificate}") if certificate else "",
        documents=draft.text("message.comma").join(item.documents),
        any_of=",".join(item.any_of),
    )


def side_words(draft: Draft, side: Side) -> str:
    """A side of a card in words; nothing for the whole."""
    return "" if side is Side.WHOLE else draft.text(f"choice.card_side.{side}")


def state_words(draft: Draft, item: Item) -> str:
    """How a paper stands, in a few words."""
    return draft.text(
        f"material.state.{item.state}",
        lacks=draft.text("message.comma").join(side_words(draft, one) for one in item.lacks),
        here=len(item.current),
        wanted=len(item.documents),
    )


def line_of(draft: Draft, item: Item) -> str:
    """One line of the list."""
    return draft.text(
        "material.line",
        mark=MARKS[item.state],
        name=name_of(draft, item),
        state=state_words(draft, item),
        is_advised=not item.required,
    )


MARKS: Final = {
    State.MISSING: "☐",
    State.RECEIVED: "☑",
    State.PROBLEM: "✗",
    State.ACCEPTED: "✓",
    State.EXPIRING: "⏳",
}


def need_words(draft: Draft, need: Need) -> str:
    """One requirement in words."""
    return draft.text(f"material.need.{need.code}", **need.params)


def needs_in_short(draft: Draft, item: Item) -> str:
    """The requirements that matter most, in a line."""
    shown = [need for need in item.needs if need.code != "format"][:_SHORT]
    return draft.text("material.semicolon").join(need_words(draft, need) for need in shown)


def say_why(draft: Draft, item: Item) -> None:
    """Why a paper is needed, what it must be, and where that is written."""
    because = [
        draft.text(f"check.{finding.code}.{part}", **finding.params)
        for finding in item.because
        for part in ("reason", "cure")
    ]
    draft.say(
        ReplyKind.ANSWER,
        "material.why",
        name=name_of(draft, item),
        why=draft.text(f"material.{item.slot.kind}.why"),
        because="\n".join(dict.fromkeys(because)),
        needs="\n".join(f"· {need_words(draft, need)}" for need in item.needs),
        buttons=item_buttons(draft, item, but="why"),
    )
    sources = dict.fromkeys((item.source, *(need.source for need in item.needs)))
    cited = tuple(dict.fromkeys(_citation(one) for one in sources))
    draft.replies[-1] = replace(draft.replies[-1], citations=cited)


def _citation(source: LegalSource) -> Citation:
    title = f"{source.title} {source.article}" if source.article else source.title
    return Citation(title, source.url or "", source.date or "")


def say_sample(draft: Draft, item: Item) -> None:
    """A drawing of how a right picture looks."""
    draft.say(
        ReplyKind.ANSWER,
        "material.sample",
        name=name_of(draft, item),
        needs="\n".join(f"· {need_words(draft, need)}" for need in item.needs),
        buttons=item_buttons(draft, item, but="sample"),
    )
    draft.replies[-1] = replace(draft.replies[-1], files=(sample_of(draft, item),))


def sample_of(draft: Draft, item: Item) -> OutgoingFile:
    """The specimen of a paper."""
    paper = drawn_as(item)
    tips = draft.text(f"material.specimen.{paper}.tips").splitlines()
    marks = draft.text(f"material.specimen.{paper}.marks").splitlines()
    title = draft.text("material.specimen.title", name=name_of(draft, item))
    return OutgoingFile(
        draft.text("material.specimen.file"),
        picture=SpecimenPicture(
            paper,
            title,
            _heading(draft, item),
            tuple(tips),
            tuple(one for one in marks if one != "-"),
            draft.text("material.specimen.word"),
        ),
        alt=draft.text("material.specimen.alt", title=title, tips="".join(tips)),
    )


def drawn_as(item: Item) -> str:
    """The sort of drawing that shows a paper."""
    kind = item.slot.kind
    if kind in LETTERS and kind not in _DRAWN:
        return "letter"
    if kind is _K.IDENTITY_DOCUMENT:
        return "passport" if item.certificate is _C.PASSPORT else "card"
    return _DRAWN[kind]


def _heading(draft: Draft, item: Item) -> str:
    """What stands on the paper at its top: always in Chinese, as on a real one."""
    wording = draft.world.wording
    if item.certificate is not None:
        return wording.say(f"choice.cert_type.{item.certificate}", "zh-CN")
    if item.documents:
        return item.documents[0]
    return wording.say(
        f"material.{item.slot.kind}.name", "zh-CN",
        whose="", certificate="", documents="", any_of=",".join(item.any_of[:1]),
    )  # fmt: skip


def item_buttons(draft: Draft, item: Item, *, but: str = "") -> tuple[Button, ...]:
    """What can be done about a paper: send it, see a sample, ask why, get the letter, take back."""
    key = item.slot.key
    ways = [
        ("upload", draft.button(f"paper:upload:{key}", "paper_upload")),
        ("sample", draft.button(f"paper:sample:{key}", "paper_sample")),
        ("why", draft.button(f"paper:why:{key}", "paper_why")),
    ]
    if item.slot.kind in LETTERS:
        ways.append(("letter", draft.button(f"letter:{item.slot.kind}", "paper_letter")))
    if item.current and item.state is not State.ACCEPTED:
        ways.append(("remove", draft.button(f"paper:remove:{key}", "paper_remove")))
    return tuple(button for name, button in ways if name != but)


def _whose(draft: Draft, item: Item) -> str:
    """Whose a paper is: an individual's own, or the legal representative's as the principal."""
    values, whose = draft.journey.values, item.slot.whose
    if values.get("subject_kind") == "individual" and whose != "site_manager":
        return "individual"
    if whose == "principal" and values.get("principal_is_legal_rep") == "yes":
        return "legal_representative"
    return whose
