"""What stands in the database as a key, in the words pages show. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "patient": {
        "deceased": "has died: nothing is sent",
        "merged": "merged into another record: nothing is sent",
        "minor": "a minor: nothing is sent",
        "inactive": "no longer a patient here: nothing is sent",
    },
    "visit": {
        "proposed": "proposed",
        "pending": "not settled yet",
        "booked": "booked",
        "arrived": "the patient is there",
        "fulfilled": "took place",
        "cancelled": "cancelled",
        "noshow": "missed",
        "entered-in-error": "entered by mistake",
    },
    "visit_answer": {"accepted": "comes", "declined": "cannot come", "tentative": "wants another time"},
    "contact": {
        "invalid": "cannot be used",
        "wrong_person": "somebody else’s number",
        "landline": "landline: calls only",
        "old": "no longer theirs",
    },
    "talk": {
        "new": "begins soon",
        "waiting": "waits for the patient",
        "sleeping": "goes on later",
        "handed_over": "with a person",
        "ended": "ended",
    },
    "attempt": {"nudge": "reminds", "call": "calls", "text": "texts", "person": "a person looks"},
    "act": {
        "case.view": "opened a case",
        "case.claim": "claimed a case",
        "case.hand-back": "handed a case back to the bot",
        "case.to-queue": "put a case back in the queue",
        "case.acknowledge": "acknowledged a flag",
        "case.answer": "answered a patient",
        "case.note": "wrote a note",
        "case.close": "closed a case",
        "case.snooze": "set a case aside",
        "case.reopen": "opened a closed case again",
        "case.reassign": "changed the owner of a case",
        "case.reclassify": "moved a case to another lane",
        "case.correct": "said what a reply meant",
        "case.barrier.resolve": "resolved a barrier",
        "case.promise.keep": "marked a promise as done",
        "file.view": "looked at a file of a patient",
        "file.download": "downloaded a file of a patient",
        "search": "searched for a patient",
        "sign-in": "signed in",
        "sign-in.refused": "was not let in",
        "sign-out": "signed out",
        "account.reach": "changed their own phone or absence",
        "password.change": "changed their own password",
        "staff.add": "added a person",
        "staff.roles": "changed a person’s roles",
        "staff.activate": "gave a person access again",
        "staff.deactivate": "ended a person’s access",
        "staff.password": "gave a person a new password",
        "examples.view": "read replies of patients under Examples",
        "examples.export": "exported kept examples",
        "example.keep": "kept an example",
        "example.set_aside": "set an example aside",
        "reading.correct": "corrected what a reply meant",
        "words.try": "tried words or limits",
        "words.publish": "published words or limits",
        "words.go_back": "went back to earlier words and limits",
        "import.try": "tried a file",
        "import.run": "brought in a file or message",
        "import.view": "looked at the rows of an import",
        "api.read": "read through the API",
        "api.take": "sent through the API",
        "patient.deceased": "marked a patient as deceased",
        "patient.merged": "merged two records of a patient",
        "scripts.publish": "published a script",
        "scripts.replay": "replayed conversations",
        "audit.verify": "verified the audit trail",
    },
}


def in_words(key: str | None, kind: str) -> str:
    """A key in words; one that is new here with its signs taken out."""
    text = key or ""
    return WORDS[kind].get(text) or text.replace("_", " ").replace(".", " ")


def detail_words(detail: Mapping[str, Any] | None) -> str:
    """The detail of a row of the trail: "patient: 0190…; changed: urgency, flag"."""
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in (detail or {}).items())


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in (None, "") else str(value)
