"""What the sources' codes and words mean: languages, dispositions, visit classes and statuses."""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

from app.ehr.records import BookingStatus, Disposition, SlotStatus, VisitClass, VisitStatus

LANGUAGES = ("en", "es", "zh", "vi", "tl", "ht", "fr", "pt", "ru", "ar", "ko")
_BABEL_TAG = {"tl": "fil"}
_SPOKEN_AS = {"fil": "tl", "yue": "zh", "cmn": "zh", "nan": "zh", "arb": "ar", "acf": "ht", "cpf": "ht"}
_MORE_NAMES = {
    "mandarin": "zh", "cantonese": "zh", "simplified chinese": "zh", "traditional chinese": "zh",
    "tagalog": "tl", "pilipino": "tl", "creole": "ht", "kreyol": "ht", "haitian": "ht", "french creole": "ht",
    "castilian": "es", "latin american spanish": "es", "brazilian portuguese": "pt",
}  # fmt: skip
_NO_LANGUAGE = {"", "und", "unk", "unknown", "other", "oth", "none", "na", "n a", "declined", "mul", "zxx"}


def plain(text: str) -> str:
    """Lower case, no accents, everything but letters and digits a single space: for comparing words."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(ch if ch.isalnum() else " " for ch in spread if not unicodedata.combining(ch))
    return " ".join(kept.split())


@cache
def _language_names() -> dict[str, str]:
    names = dict(_MORE_NAMES)
    for code in LANGUAGES:
        tag = _BABEL_TAG.get(code, code)
        for reader in ("en", "es", tag):
            name = Locale.parse(reader).languages.get(tag)
            if name:
                names[plain(name)] = code
    return names


def _language_piece(piece: str) -> str:
    word = plain(piece)
    named = _language_names().get(word)
    if named:
        return named
    primary = re.split(r"[-_]", piece.strip().casefold())[0]
    if not re.fullmatch(r"[a-z]{2,3}", primary):
        return ""
    code = get_global("language_aliases").get(primary, primary)
    code = _SPOKEN_AS.get(code, code)
    return code if code in LANGUAGES else ""


def language(raw: str) -> str:
    """The supported code for a language written in any usual way (`Spanish`, `SPA`, `es-US`, `Español`).

    A language that is named but not supported comes back as written; an unknown one is the empty text.
    """
    if plain(raw) in _NO_LANGUAGE:
        return ""
    pieces = [raw, *re.split(r"[;/,()|]", raw)]
    return next((code for code in map(_language_piece, pieces) if code), raw.strip())


# NUBC patient discharge status (UB-04 form locator 17), which HL7 table 0112 follows; 81-95 repeat 01-70
# with a planned readmission.
_NUBC = {
    Disposition.HOME: ("01", "06", "08", "81", "86"),
    Disposition.SNF: ("03", "04", "61", "64", "83", "84", "89", "92"),
    Disposition.REHAB: ("62", "90"),
    Disposition.HOSPICE: ("50", "51"),
    Disposition.EXPIRED: ("20", "40", "41", "42"),
    Disposition.AMA: ("07",),
    Disposition.OTHER: (
        "02", "05", "09", "21", "43", "63", "65", "66", "69", "70", "82", "85", "87", "88", "91", "93",
        "94", "95",
    ),
}  # fmt: skip
_DISPOSITION_CODES = {code: meaning for meaning, codes in _NUBC.items() for code in codes} | {
    # FHIR R4 value set encounter-discharge-disposition; its `hosp` is hospice
    "home": Disposition.HOME, "alt-home": Disposition.HOME, "other-hcf": Disposition.OTHER,
    "hosp": Disposition.HOSPICE, "long": Disposition.SNF, "aadvice": Disposition.AMA,
    "exp": Disposition.EXPIRED, "psy": Disposition.OTHER, "rehab": Disposition.REHAB,
    "snf": Disposition.SNF, "oth": Disposition.OTHER, "ama": Disposition.AMA,
    # SNOMED CT, as in the FHIR examples
    "306689006": Disposition.HOME, "306694006": Disposition.SNF, "428371000124100": Disposition.HOSPICE,
    "371828006": Disposition.EXPIRED, "445060000": Disposition.AMA, "429202003": Disposition.SNF,
}  # fmt: skip
_DISPOSITION_WORDS = (
    (Disposition.EXPIRED, r"\b(expired|deceased|died|death|dead|morgue|fallecid[oa])\b"),
    (Disposition.HOSPICE, r"\bhospice\b"),
    (Disposition.AMA, r"\b(against (medical )?advice|ama|eloped|left without)\b"),
    (Disposition.SNF, r"\b(snf|skilled|nursing (home|facility|care)|long term|ltc|intermediate care)\b"),
    (Disposition.REHAB, r"\b(rehab\w*|irf)\b"),
    (Disposition.OTHER, r"\b(hospital|psych\w*|jail|prison|court|law enforcement|transfer\w*)\b"),
    (Disposition.HOME, r"\b(home|self care|routine|assisted living|casa|hhc)\b"),
)


def disposition(code: str, text: str = "") -> Disposition:
    """Where the patient went, from a code (NUBC / HL7 0112, FHIR, SNOMED) or, failing that, from words."""
    key = code.strip().casefold()
    if key.isdigit() and len(key) == 1:
        key = key.zfill(2)  # spreadsheets and some systems drop the leading zero of 01
    known = _DISPOSITION_CODES.get(key)
    if known:
        return known
    words = plain(f"{code} {text}")
    found = next((meaning for meaning, pattern in _DISPOSITION_WORDS if re.search(pattern, words)), None)
    if found:
        return found
    return Disposition.OTHER if words else Disposition.UNKNOWN


def still_a_patient(code: str) -> bool:
    """Whether a disposition says that the stay has not ended (NUBC 30)."""
    return code.strip() == "30" or plain(code) == "still a patient"


_CLASSES = {
    VisitClass.INPATIENT: "i imp acute nonac ip inpatient inp hospital admission",
    VisitClass.OBSERVATION: "obsenc obs observation ob observ",
    VisitClass.EMERGENCY: "e emer ed er emergency",
    VisitClass.AMBULATORY: "o amb outpatient ambulatory op clinic office ss r recurring",
    VisitClass.VIRTUAL: "vr virtual telehealth video",
    VisitClass.HOME: "hh home",
}
_CLASS_WORDS = {word: meaning for meaning, words in _CLASSES.items() for word in words.split()}


def visit_class(code: str, text: str = "") -> VisitClass:
    """The kind of encounter from an HL7 table 0004, v3 ActCode or written class."""
    for word in (*plain(code).split(), *plain(text).split()):
        if word in _CLASS_WORDS:
            return _CLASS_WORDS[word]
    return VisitClass.OTHER


_VISIT_STATUS = {
    VisitStatus.PLANNED: ("planned", "preadmit", "pending", "scheduled"),
    VisitStatus.ACTIVE: ("in progress", "arrived", "triaged", "onleave", "on leave", "admitted", "active"),
    VisitStatus.FINISHED: ("finished", "discharged", "completed", "complete", "closed", "disch", "dc"),
    VisitStatus.REOPENED: ("discharge cancelled", "discharge canceled", "cancel discharge", "readmitted"),
    VisitStatus.CANCELLED: ("cancelled", "canceled", "cancel admit"),
    VisitStatus.ERROR: ("entered in error", "deleted", "void"),
}
_VISIT_STATUS_WORDS = {word: meaning for meaning, words in _VISIT_STATUS.items() for word in words}


def visit_status(text: str) -> VisitStatus | None:
    """Where an encounter stands (FHIR R4 EncounterStatus or a vendor's word), or None when not known."""
    return _VISIT_STATUS_WORDS.get(plain(text))


_BOOKING = {
    BookingStatus.PROPOSED: ("proposed", "requested", "request"),
    BookingStatus.PENDING: ("pending", "tentative", "hold", "unconfirmed request"),
    BookingStatus.WAITLIST: ("waitlist", "wait list", "waitlisted"),
    BookingStatus.BOOKED: (
        "booked", "scheduled", "sch", "confirmed", "conf", "open", "future", "overbook", "active", "new",
        "unconfirmed", "not confirmed", "reminded", "left message", "lm", "created", "s", "ok", "normal",
    ),
    BookingStatus.ARRIVED: (
        "arrived", "checked in", "check in", "checkedin", "in room", "roomed", "started", "in progress",
        "in session", "present", "waiting", "in lobby",
    ),
    BookingStatus.FULFILLED: (
        "fulfilled", "completed", "complete", "comp", "checked out", "check out", "checkedout", "kept",
        "seen", "visit complete", "charge entered", "done", "attended",
    ),
    BookingStatus.CANCELLED: (
        "cancelled", "canceled", "can", "cxl", "cx", "cancel", "cancelled by patient",
        "canceled by patient", "patient cancelled", "patient canceled", "cancelled by provider",
        "canceled by provider", "rescheduled", "r s", "resched", "bumped", "dc", "discontinued",
        "late cancel", "late cancellation", "x",
    ),
    BookingStatus.NOSHOW: (
        "noshow", "no show", "ns", "n s", "no showed", "missed", "dna", "did not attend", "did not show",
        "failed", "no call no show", "ncns",
    ),
    BookingStatus.ERROR: ("entered in error", "error", "deleted", "void", "voided", "blocked"),
}  # fmt: skip
_BOOKING_WORDS = {word: meaning for meaning, words in _BOOKING.items() for word in words}


def booking_status(text: str) -> BookingStatus | None:
    """Where an appointment stands (FHIR, HL7 table 0278 or a vendor's word), or None when not known."""
    return _BOOKING_WORDS.get(plain(text))


_SLOT_WORDS = {
    **dict.fromkeys(("free", "open", "available", "avail", "yes"), SlotStatus.FREE),
    **dict.fromkeys(("busy", "booked", "taken", "filled", "no"), SlotStatus.BUSY),
    **dict.fromkeys(("busy unavailable", "blocked", "unavailable", "closed"), SlotStatus.UNAVAILABLE),
    **dict.fromkeys(("busy tentative", "held", "hold", "tentative"), SlotStatus.TENTATIVE),
    **dict.fromkeys(("entered in error", "deleted"), SlotStatus.ERROR),
}


def slot_status(text: str) -> SlotStatus | None:
    """Whether a slot can be offered, or None when the word is not known."""
    return _SLOT_WORDS.get(plain(text))


_VIDEO = re.compile(r"\b(tele ?(health|med\w*|visit)|video|virtual|zoom|vr|remote visit)\b")


def is_video(*words: str) -> bool:
    """Whether any of these words says that the visit is by video."""
    return any(_VIDEO.search(plain(word)) for word in words)


_YES = {"y", "yes", "true", "t", "1", "x", "si", "deceased", "expired", "dead", "active", "needed"}
_NO = {"n", "no", "false", "f", "0", "alive", "living", "inactive", "none", "not needed"}


def yes_no(text: str) -> bool | None:
    """True or False for the usual ways to write it, None for anything else."""
    word = plain(text)
    return True if word in _YES else False if word in _NO else None


_TEST_NAME = re.compile(r"^(zz\w*|x+test|test\w{0,8}|testpatient|dummy|do not use)$")


def is_test_name(family: str, given: str) -> bool:
    """Whether a name is one that offices give to test patients (`ZZTEST`, `Test, Patient`)."""
    family, given = plain(family), plain(given)
    if given == "test" and family in ("patient", "test"):
        return True
    return bool(_TEST_NAME.match(family)) and family not in ("testa", "testani", "tester")


_GUARDIAN = re.compile(
    r"\b(guard\w*|gua\w*|grd|parent|par|mother|mth|father|fth|mom|dad|prn|nmth|nfth|adopt[mfp]\w*|"
    r"stpmth|stpfth|madre|padre|tutor)\b"
)


def is_guardian(*words: str) -> bool:
    """Whether a relation (HL7 table 0063, v3 RoleCode or words) is a parent or legal guardian."""
    return any(_GUARDIAN.search(plain(word)) for word in words)
