"""Reading FHIR JSON that may have anything anywhere: every helper answers, none raises."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.ehr.records import Identifier

Json = Mapping[str, Any]
_RAW_LIMIT = 20_000


def as_dict(value: object) -> Json:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: object) -> list[Json]:
    """The objects in a list, or the one object that stands where a list should."""
    values = value if isinstance(value, list) else [value]
    return [entry for entry in values if isinstance(entry, dict)]


def as_text(value: object) -> str:
    """The value as text if it is a text or a number, else the empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).strip() if isinstance(value, str | int | float) else ""


def texts(value: object) -> list[str]:
    """The texts in a list, or the one text that stands where a list should."""
    values = value if isinstance(value, list) else [value]
    return [text for text in map(as_text, values) if text]


def codes(concepts: object) -> list[str]:
    """Every code in CodeableConcepts or Codings, in order."""
    found = []
    for concept in as_dicts(concepts):
        found += [as_text(coding.get("code")) for coding in as_dicts(concept.get("coding"))]
        found.append(as_text(concept.get("code")))
    return [code for code in found if code]


def words(concepts: object) -> list[str]:
    """Every text and display in CodeableConcepts or Codings, the most human one first."""
    found = []
    for concept in as_dicts(concepts):
        found += [as_text(concept.get("text")), as_text(concept.get("display"))]
        found += [as_text(coding.get("display")) for coding in as_dicts(concept.get("coding"))]
    return [word for word in found if word]


def first_words(concepts: object) -> str:
    """How a person would call a CodeableConcept."""
    return next(iter(words(concepts)), "")


def raw_of(resource: object) -> str:
    """The resource as compact JSON, without its narrative and its pictures, for the row report."""
    kept = {key: value for key, value in as_dict(resource).items() if key not in ("text", "photo")}
    return json.dumps(kept or resource, ensure_ascii=False, separators=(",", ":"), default=str)[:_RAW_LIMIT]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of a file: where it stood, the resource, its full URL and what the sender wants done."""

    where: str
    resource: Json
    url: str = ""
    method: str = ""


@dataclass(slots=True)
class Index:
    """Every resource of a file by each way it can be referred to."""

    source: str
    by_reference: dict[str, Json] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take a resource in under its full URL and its type and id."""
        kind, number = as_text(entry.resource.get("resourceType")), as_text(entry.resource.get("id"))
        if entry.url:
            self.by_reference.setdefault(entry.url, entry.resource)
        if kind and number:
            self.by_reference.setdefault(f"{kind}/{number}", entry.resource)

    def resolve(self, reference: Json, holder: Json) -> Json:
        """The resource a reference points to, in the file or inside its holder, else an empty object."""
        target = as_text(reference.get("reference"))
        if target.startswith("#"):
            inside = as_dicts(holder.get("contained"))
            return next((found for found in inside if found.get("id") == target[1:]), {})
        return self.by_reference.get(target) or self.by_reference.get("/".join(target.split("/")[-2:]), {})

    def name(self, reference: object, holder: Json) -> str:
        """What a person would call the thing referred to: its display, else its own name."""
        told = as_dict(reference)
        found = self.resolve(told, holder)
        return as_text(told.get("display")) or resource_name(found)

    def identifiers(self, reference: Json, holder: Json, kind: str) -> tuple[Identifier, ...]:
        """Every number by which a referred-to resource can be found, the sender's own id first."""
        found = self.resolve(reference, holder)
        told = tuple(self._by_reference(reference, kind))
        own = resource_identifiers(found, self.source, kind) if found else ()
        return tuple(dict.fromkeys((*told, *own)))

    def _by_reference(self, reference: Json, kind: str) -> Iterator[Identifier]:
        target = as_text(reference.get("reference"))
        if "?identifier=" in target:  # a conditional reference, as Synthea's bulk files have
            system, _, value = target.split("?identifier=", 1)[1].rpartition("|")
            yield Identifier(system, value)
        elif not target.startswith(("urn:", "#")) and "/" in target:
            parts = target.split("/_history/")[0].split("/")
            yield Identifier(f"{self.source}/{parts[-2]}", parts[-1])
        told = as_dict(reference.get("identifier"))
        if as_text(told.get("value")):
            yield Identifier(
                as_text(told.get("system")) or f"{self.source}/{kind}", as_text(told.get("value"))
            )


# Social security, driving licence, passport, tax and bank numbers are not needed to follow anybody up.
_NOT_KEPT = {"SS", "SB", "DL", "PPN", "TAX", "BC", "CZ", "MI", "NI", "NNUSA", "PRC", "SSN"}
_NOT_KEPT_SYSTEMS = ("us-ssn", "2.16.840.1.113883.4.1", "passport", "2.16.840.1.113883.4.3.")


def keep_identifier(system: str, kind: str) -> bool:
    """Whether a number may be stored: not one that only serves to impersonate (minimum necessary)."""
    if kind.upper() in _NOT_KEPT:
        return False
    return not any(part in system.lower() for part in _NOT_KEPT_SYSTEMS)


def resource_identifiers(resource: Json, source: str, kind: str) -> tuple[Identifier, ...]:
    """A resource's own id at its source, then its business identifiers, without those we must not keep."""
    found: list[Identifier] = []
    number = as_text(resource.get("id"))
    if number:
        found.append(Identifier(f"{source}/{kind}", number))
    for entry in as_dicts(resource.get("identifier")):
        value, told = as_text(entry.get("value")), codes(entry.get("type"))
        code = told[0] if told else ""
        system = as_text(entry.get("system")) or f"{source}/{'mrn' if code == 'MR' else kind}"
        if value and as_text(entry.get("use")) != "old" and keep_identifier(system, code):
            found.append(Identifier(system, value, code))
    return tuple(dict.fromkeys(found))


def resource_name(resource: Json) -> str:
    """The name of an organisation, location, practitioner or healthcare service."""
    name = resource.get("name")
    if isinstance(name, str):
        return name.strip()
    told = next(iter(as_dicts(name)), {})
    parts = [*texts(told.get("prefix")), *texts(told.get("given")), as_text(told.get("family"))]
    return as_text(told.get("text")) or " ".join(part for part in parts if part)
