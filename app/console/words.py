"""Words: a practice's own phrases, tried on every example before they are published, and taken back by one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.console import queue_rows
from app.console.access import bp, me, needs
from app.console.errors import status_of
from app.console.phrases import LANGUAGE_WORDS
from app.console.services import now, services
from app.console.trial_page import on_record, trial_page
from app.errors import Conflict, Invalid, NotFound
from app.security.models import Staff
from app.store import begin
from app.store.database import reading
from app.teaching.publish import (
    Place,
    Proposal,
    flat,
    go_back,
    lost_words,
    newest,
    publish,
    revisions,
    tried,
)
from app.understanding.additions import Fault, fault
from app.understanding.offered import GROUPS, OFFERED
from app.understanding.rules import rules

MOST_AT_ONCE = 60
SEPARATOR = "|"


@dataclass(slots=True)
class Draft:
    """What somebody proposes: phrases for one meaning, phrases to take out, and what is wrong with them."""

    language: str = ""
    meaning: str = ""
    phrases: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    why: str = ""
    based_on: int = 0
    faults: list[Fault] = field(default_factory=list)

    def applied(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """A revision's content with the change made."""
        section, _, name = self.meaning.partition(".")
        put = {(self.language, section, name): self.phrases} if self.phrases else {}
        proposal = Proposal(put, [taken_out(key) for key in self.out])
        return {**content, "words": proposal.applied(content.get("words") or {})}


@bp.get("/words")
@needs("reader:teach")
def words() -> ResponseReturnValue:
    """The practice's phrases, the form for more, and the revisions."""
    return _page(Draft())


@bp.post("/words/try")
@needs("reader:teach")
def words_try() -> ResponseReturnValue:
    """Show what the phrases would change, without changing anything."""
    draft = _draft()
    problem = _problem(draft)
    if problem or draft.faults:
        return _page(draft, problem, status=422)
    return _page(draft, trying=True)


@bp.post("/words/publish")
@needs("reader:teach")
def words_publish() -> ResponseReturnValue:
    """Put the phrases in force everywhere."""
    draft, at = _draft(), now()
    problem = _problem(draft)
    if problem or draft.faults:
        return _page(draft, problem, status=422)
    try:
        with reading(services().sessions) as session:
            _, content = newest(session)
            changed = draft.applied(content)
            outcome = tried(session, content, changed)
        with begin(services().sessions) as session:
            staff, based_on = session.get_one(Staff, me().id), draft.based_on
            row = publish(session, changed, outcome, based_on=based_on, why=draft.why, staff=staff, now=at)
    except (Conflict, Invalid) as refused:
        return _page(draft, refused.words, trying=isinstance(refused, Invalid), status=status_of(refused))
    services().kit.lessons.look_again()
    flash(f"Published as revision {row.number}. Every process reads with it within a few seconds.")
    return redirect(url_for("console.words"), 303)


@bp.post("/words/back")
@needs("reader:teach")
def words_back() -> ResponseReturnValue:
    """Put an earlier revision in force again."""
    at, number = now(), request.form.get("number", "")
    try:
        with begin(services().sessions) as session:
            if not number.isdecimal():
                raise NotFound("There is no such earlier revision.")
            staff = session.get_one(Staff, me().id)
            based_on, why = _number(request.form.get("based_on")), request.form.get("why", "")
            row = go_back(session, int(number), based_on=based_on, why=why, staff=staff, now=at)
    except (Conflict, Invalid) as refused:
        return _page(Draft(), refused.words, status=status_of(refused))
    services().kit.lessons.look_again()
    what = f"Revision {row.restores} is" if row.restores else "What ships is"
    flash(f"{what} in force again, as revision {row.number}.")
    return redirect(url_for("console.words"), 303)


def taken_out(key: str) -> tuple[Place, str]:
    """The phrase a box on the page names: "es|signs|chest_pain|pechito apretado"."""
    language, section, name, phrase = [*key.split(SEPARATOR, 3), "", "", ""][:4]
    return (language, section, name), phrase


def meanings() -> dict[str, dict[str, str]]:
    """The lists that may be added to, by group, with plain names; a sign says how urgent it is."""
    return {
        words: {f"{section}.{name}": _meaning(section, name) for name in OFFERED[section]}
        for section, words in GROUPS.items()
    }


def _meaning(section: str, name: str) -> str:
    words = OFFERED[section][name]
    rule = rules().signs.get(name) if section == "signs" else None
    urgency = {"urgent": "today", "emergency": "emergency"}.get(rule.urgency) if rule else None
    return f"{words} ({urgency})" if urgency else words


def _draft() -> Draft:
    form = request.form
    lines = [" ".join(line.split()) for line in form.get("phrases", "").split("\n")]
    draft = Draft(
        form.get("language", ""),
        form.get("meaning", ""),
        list(dict.fromkeys(line for line in lines if line)),
        form.getlist("out"),
        form.get("why", ""),
        _number(form.get("based_on")),
    )
    section, _, name = draft.meaning.partition(".")
    for phrase in draft.phrases[:MOST_AT_ONCE]:
        wrong = fault(draft.language, section, name, phrase) if draft.language and draft.meaning else ""
        if wrong:
            draft.faults.append(Fault(draft.language, section, name, phrase, wrong))
    return draft


def _problem(draft: Draft) -> str:
    if not draft.phrases and not draft.out:
        return "Write a phrase to add, or tick one to take out."
    if draft.phrases and draft.language not in LANGUAGE_WORDS:
        return "Choose the language of the phrases."
    if draft.phrases and not any(draft.meaning in group for group in meanings().values()):
        return "Choose what the phrases mean."
    if len(draft.phrases) > MOST_AT_ONCE:
        return f"That is a lot at once: add at most {MOST_AT_ONCE} phrases, try them, then go on."
    return "Some phrases cannot be used as they are." if draft.faults else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _page(draft: Draft, problem: str = "", *, trying: bool = False, status: int = 200) -> ResponseReturnValue:
    with reading(services().sessions) as session:
        number, content = newest(session)
        mine = content.get("words") or {}
        outcome = tried(session, content, draft.applied(content)) if trying else None
        view = queue_rows.view_of(session, me(), now())
        shown = trial_page(session, view, outcome) if outcome is not None else None
        history = revisions(session)
        names = dict(session.execute(select(Staff.id, Staff.name)).all())
    if shown is not None:
        on_record(shown)
    lost = len(outcome.lost) if outcome is not None else 0
    text = render_template(
        "console/words.html",
        draft=draft,
        number=number,
        problem=problem or (lost_words(lost) if lost else ""),
        own=_own(mine),
        meanings=meanings(),
        languages=LANGUAGE_WORDS,
        trial=shown,
        history=history,
        names=names,
    )
    return text, status


def _own(mine: dict[str, Any]) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """The practice's phrases by language and meaning, each with the key that takes it out."""
    shown: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    for (language, section, name), listed in flat(mine).items():
        keys = [(SEPARATOR.join((language, section, name, phrase)), phrase) for phrase in listed]
        meaning = _meaning(section, name) if name in OFFERED.get(section, {}) else f"{section} {name}"
        shown.setdefault(language, []).append((meaning, keys))
    return shown
