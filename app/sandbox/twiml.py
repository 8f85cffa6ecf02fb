"""TwiML as the carrier reads it: size, encoding, XML, verbs, attributes and their values.

The grammar is read off twilio-python's classes (`twiml_grammar.json`; a test compares the two).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from app.sandbox.webhooks import LARGEST

GRAMMAR: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("twiml_grammar.json").read_text())
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WHOLE = re.compile(r"\d+")
LONGEST_SAY = 4096
MOST_HINTS = 500


class TwimlError(Exception):
    """A document the carrier cannot use at all; `code` is Twilio's (11750, 12100, 12300)."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Document:
    """A readable document: its verbs in order, and what a validator would warn about (12200)."""

    verbs: tuple[Element, ...]
    problems: tuple[str, ...]


def parse_voice(body: bytes, content_type: str = "text/xml") -> Document:
    """The document of a call; TwimlError when it cannot be executed."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("text/xml", "application/xml", "text/html"):
        raise TwimlError(12300, f"a call needs Content-Type text/xml, not {kind or 'none'}")
    root = _root(body)
    problems = _check(root, GRAMMAR["voice"], "Response")
    if any(verb.tag == "Reject" for verb in root[1:]):
        problems.append("Reject only works as the first verb")
    return Document(tuple(root), tuple(problems))


def parse_messaging(body: bytes) -> tuple[list[str], str, list[str]]:
    """What a message webhook's answer sends (bodies), where it redirects, and its problems."""
    root = _root(body)
    problems = _check(root, GRAMMAR["messaging"], "Response")
    replies = [_message_text(verb) for verb in root if verb.tag == "Message"]
    onward = next(((verb.text or "").strip() for verb in root if verb.tag == "Redirect"), "")
    return replies, onward, problems


def spoken(verb: Element) -> str:
    """The words of a Say, without the tags that shape its speech, in single spaces."""
    return " ".join("".join(verb.itertext()).split())


def whole(verb: Element, name: str, default: int) -> int:
    """A whole-number attribute; what is no number counts as the default, as Twilio does."""
    text = verb.get(name, "")
    return int(text) if WHOLE.fullmatch(text) else default


def _root(body: bytes) -> Element:
    if len(body) > LARGEST:
        raise TwimlError(11750, f"{len(body)} bytes of TwiML; at most {LARGEST} are read")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise TwimlError(12100, "document type declarations are not read")
    try:
        root = fromstring(body.decode("utf-8").lstrip().encode())
    except (ParseError, UnicodeDecodeError) as error:
        raise TwimlError(12100, f"not valid XML in UTF-8: {error}") from None
    if root.tag != "Response":
        raise TwimlError(12100, f"the root must be Response, not {root.tag}")
    return root


def _message_text(verb: Element) -> str:
    parts = [verb.text or "", *(child.text or "" for child in verb if child.tag == "Body")]
    return "".join(parts).strip()


def _check(element: Element, grammar: dict[str, Any], name: str) -> list[str]:
    """Problems of an element and all it holds."""
    rule = grammar[name]
    problems = [f"{name} has no attribute {_plain(a)}" for a in element.attrib if not _known(a, rule)]
    problems += _values(element)
    for child in element:
        if child.tag not in rule["children"]:
            problems.append(f"{child.tag} does not belong in {name}")
        else:
            problems += _check(child, grammar, child.tag)
    if name == "Response" and "".join([element.text or "", *(c.tail or "" for c in element)]).strip():
        problems.append("words outside a verb are not spoken")
    return problems


def _plain(attribute: str) -> str:
    return "xml:lang" if attribute == XML_LANG else attribute


def _known(attribute: str, rule: dict[str, list[str]]) -> bool:
    return _plain(attribute) in rule["attributes"]


NUMBERS = {
    "Gather": ("numDigits", "timeout", "maxSpeechTime"),
    "Pause": ("length",),
    "Record": ("timeout", "maxLength"),
    "Dial": ("timeout", "timeLimit"),
    "Say": ("loop",),
    "Play": ("loop",),
    "Enqueue": ("maxQueueSize",),
}


def _values(element: Element) -> list[str]:
    names = NUMBERS.get(element.tag, ())
    problems = [
        f"{element.tag} {name}={value!r} is no whole number"
        for name in names
        if (value := element.get(name)) is not None and value != "auto" and not WHOLE.fullmatch(value)
    ]
    if (check := CHECKS.get(element.tag)) is not None:
        problems += check(element)
    return problems


def _gather(element: Element) -> list[str]:
    problems = []
    kinds = element.get("input", "dtmf").split()
    if not kinds or set(kinds) - {"dtmf", "speech"}:
        problems.append(f"Gather input={element.get('input')!r} is neither dtmf nor speech")
    if len(element.get("finishOnKey", "#")) > 1:
        problems.append("Gather finishOnKey is one key")
    hints = [hint.strip() for hint in element.get("hints", "").split(",")]
    if len(hints) > MOST_HINTS or any(len(hint) > 100 for hint in hints):
        problems.append("Gather hints are at most 500 phrases of 100 characters")
    if element.get("speechTimeout") == "auto" and element.get("speechModel") == "default":
        problems.append("13335: speechTimeout=auto does not go with speechModel=default")
    return problems


def _say(element: Element) -> list[str]:
    words = spoken(element)
    if not words:
        return ["Say without words"]
    return ["Say speaks at most 4096 characters"] if len(words) > LONGEST_SAY else []


def _play(element: Element) -> list[str]:
    return [] if (element.text or "").strip() or element.get("digits") else ["Play without a URL"]


def _needs_text(element: Element) -> list[str]:
    return [] if (element.text or "").strip() else [f"{element.tag} without content"]


def _reject(element: Element) -> list[str]:
    return [] if element.get("reason", "rejected") in ("rejected", "busy") else ["Reject reason is unknown"]


def _enqueue(element: Element) -> list[str]:
    return ["Enqueue names are at most 64 characters"] if len((element.text or "").strip()) > 64 else []


CHECKS = {
    "Gather": _gather,
    "Say": _say,
    "Play": _play,
    "Redirect": _needs_text,
    "Number": _needs_text,
    "Reject": _reject,
    "Enqueue": _enqueue,
}
