"""A date of birth in every written and spoken order; None when it is incomplete, impossible or to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from app.understanding import numbers
from app.understanding.answer import NOTHING, SURE, Answer
from app.understanding.choices import corrections
from app.understanding.lexicon import Hit, Scan
from app.understanding.message import Message, longest, topics_of
from app.understanding.normal import normalise
from app.understanding.numbers import Number

_ISO = re.compile(r"(?<!\d)(\d{4})\s*[-/.年년\s]+\s*(\d{1,2})\s*[-/.月월\s]+\s*(\d{1,2})(?!\d)")
_PARTS = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:st|nd|rd|th)?\s*[-/.,\\|\s]\s*(\d{1,2})\s*[-/.,\\|\s]\s*'?(\d{4}|\d{2})(?!\d)"
)
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})\s*[年년./-]\s*(\d{1,2})\s*[月월./-]\s*(\d{1,2})(?!\d)")
_YEAR_FIRST_LANGUAGES = ("zh", "ko")
_DAY_ALONE = re.compile(r"(?<![\d/.-])(\d{1,2})\s*[-/]\s*(\d{1,2})\s*$")
"""A month and a day at the end, without a year."""
_EIGHT = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_SIX = re.compile(r"(?<!\d)(\d{6})(?!\d)")
_DAY_MARK = re.compile(r"\b(?:dd|jj|tt|дд|ngày|ngay|jou|jour|dia|día|(?:ال)?يوم)\b", re.IGNORECASE)
_MONTH_MARK = re.compile(r"\b(?:mm|мм|mwa|mes|tháng|thang|mois|mês|(?:ال)?شهر)\b", re.IGNORECASE)
_BY_THE_MOON = re.compile(r"[阴农旧][历曆]|[腊臘]月|음력|섣달|동짓달|âm lịch|am lich")
_REPUBLIC = re.compile(r"民[国國]\s*(\d{1,3})(?=\s*[年./-])")
_FOUNDED = 1911
"""The year before the first of the Republic of China, by which years are counted in Taiwan."""
_DAY_FIRST_LANGUAGES = frozenset(("fr", "pt", "ru", "ar", "vi"))
_YEAR_WORDS = ("năm", "nam")
_BESIDE = 3
_OLDEST = 1900
_NO_NOW = 2100
_A_CHILDS, _CHILDS_MOST = 2101, 50
"""In place of the year when the question asks for a child's date; and the two digits below which it is of ours."""
_GROWN, _LIFETIME, _TOO_OLD = 18, 110, 10
"""Years; and the two digits below which nobody living was born in the last century."""


def dob(message: Message) -> Answer:
    """The ISO date a reply gives; the last valid one when it is corrected."""
    this_year = message.now.year if message.now is not None else _NO_NOW
    if this_year == _NO_NOW and "of_a_child" in topics_of(message.expectation.prompt, message.language):
        this_year = _A_CHILDS
    folded, _ = normalise(message.text)
    if _BY_THE_MOON.search(folded.lower()):
        return NOTHING  # the day of another calendar
    day_first = _order(message)
    written = list(_written(folded, this_year, day_first))
    if len(set(written)) > 1:
        written = list(_written(_own(message), this_year, day_first)) or written
    for scan in message.own:
        if not written and scan.language in _YEAR_FIRST_LANGUAGES:
            written = list(_year_first(_digits(scan, folded), this_year))
    if not written:
        written = [day for scan in message.own + message.other if (day := _named(scan, this_year))][:1]
    if not written:
        written = [
            day for scan in message.own + message.other if (day := _spoken(scan, this_year, day_first))
        ][:1]
    past = [day for day in written if message.now is None or day <= message.now.date()]
    turned = any(s.named("answers", "correction") or corrections(s) for s in message.own)
    if not past or (len(set(past)) > 1 and not turned):
        return NOTHING
    value = _other_day(folded, message, _other_year(message, past[-1]), day_first).isoformat()
    message.mark(0, len(message.text), "date of birth", f"answer:{value}")
    return Answer(value, SURE, explicit=True)


def _own(message: Message) -> str:
    """What follows "mine is", or stands before "my wife's is"; nothing when another one writes."""
    for scan in message.own:
        if any(scan.named("answers", "for_another")):
            return ""
        theirs = [hit.start for hit in scan.named("answers", "theirs")]
        for hit in scan.named("answers", "mine"):
            ends = min((at for at in theirs if at > hit.end), default=None)
            return normalise(message.text[hit.end : ends])[0]
        if theirs:
            return normalise(message.text[: min(theirs)])[0]
    return ""


def _other_year(message: Message, day: date) -> date:
    """The date with the year put right: "3/4/1951 sorry 1950"."""
    for scan in message.own:
        numbers_said = numbers.grouped(scan)
        if not numbers_said:
            continue
        last = numbers_said[-1]
        turns = [*corrections(scan), *(h for h in scan.named("answers", "no") if h.last - h.first == 1)]
        year = int(last.value)
        if any(turn.last == last.first for turn in turns) and _OLDEST <= year <= _NO_NOW and year != day.year:
            return next(_valid(year, day.month, day.day), day)
    return day


def _other_day(text: str, message: Message, day: date, day_first: bool) -> date:
    """The date with month and day put right: "12/15/1949 - sorry 12/16"."""
    match = _DAY_ALONE.search(text)
    amends = (
        any(hit.end <= match.start() for s in message.own for hit in s.named("answers", "amend"))
        if match
        else False
    )
    turned = amends or (match is not None and any(corrections(s) for s in message.own))
    if match is None or not turned or not _PARTS.search(text[: match.start()]):
        return day
    return next(_ordered(int(match[1]), int(match[2]), day.year, day_first), day)


def _digits(scan: Scan, folded: str) -> str:
    """The reply with its number words in digits: 一九四八年十一月二日 is 1948年11月2日."""
    words: list[str] = [token.sep + token.text for token in scan.tokens]
    found = numbers.grouped(scan)
    for number in found:
        first = scan.tokens[number.first]
        words[number.first] = first.sep + str(int(number.value))
        words[number.first + 1 : number.last] = [""] * (number.last - number.first - 1)
    return "".join(words) if found else folded


def _year_first(text: str, this_year: int) -> Iterator[date]:
    text = _REPUBLIC.sub(lambda match: str(_FOUNDED + int(match[1])), text)
    for match in _ISO.finditer(text):
        yield from _valid(int(match[1]), int(match[2]), int(match[3]))
    for match in _SHORT_YEAR.finditer(_ISO.sub(" ", text)):
        yield from _valid(_century(int(match[1]), this_year), int(match[2]), int(match[3]))


def _order(message: Message) -> bool:
    """Whether the day comes first: as the prompt says, else as the language has it."""
    prompt = message.expectation.prompt
    marks = [(hit.start(), hit.end(), True) for hit in _DAY_MARK.finditer(prompt)]
    marks += [(hit.start(), hit.end(), False) for hit in _MONTH_MARK.finditer(prompt)]
    for one, other in pairwise(sorted(marks)):
        if one[2] != other[2] and other[0] - one[1] <= _BESIDE:
            return one[2]  # "ngày sinh (tháng/ngày/năm)"
    if len({day for _, _, day in marks}) > 1:
        return min(marks)[2]
    return message.language in _DAY_FIRST_LANGUAGES


def _written(text: str, this_year: int, day_first: bool) -> Iterator[date]:
    for match in _ISO.finditer(text):
        yield from _valid(int(match[1]), int(match[2]), int(match[3]))
    rest = _ISO.sub(" ", text)
    for match in _PARTS.finditer(rest):
        yield from _ordered(int(match[1]), int(match[2]), _year(match[3], this_year), day_first)
    for match in _EIGHT.finditer(rest):
        digits = match[1]
        found = list(_ordered(int(digits[:2]), int(digits[2:4]), int(digits[4:]), day_first))
        yield from found or _valid(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    for match in _SIX.finditer(rest):
        digits = match[1]
        found = list(_ordered(int(digits[:2]), int(digits[2:4]), _year(digits[4:], this_year), day_first))
        yield from found or _valid(_year(digits[:2], this_year), int(digits[2:4]), int(digits[4:]))


def _ordered(first: int, second: int, year: int, day_first: bool) -> Iterator[date]:
    month, day = (second, first) if day_first else (first, second)
    found = list(_valid(year, month, day)) or list(_valid(year, day, month))
    yield from found


def _valid(year: int, month: int, day: int) -> Iterator[date]:
    try:
        found = date(year, month, day)
    except ValueError:
        return
    if found.year >= _OLDEST:
        yield found


def _year(digits: str, this_year: int) -> int:
    if len(digits) == 4:
        return int(digits)
    return _century(int(digits), this_year)


def _century(short: int, this_year: int) -> int:
    """The year of two digits: a grown person's of our century, or else one of the last, unless nobody is so old."""
    older, younger = 1900 + short, 2000 + short
    if this_year == _A_CHILDS:
        return younger if short < _CHILDS_MOST else older
    if this_year == _NO_NOW:
        return younger if short < _TOO_OLD else older
    grown = younger <= this_year - _GROWN
    return younger if grown or (younger <= this_year and this_year - older > _LIFETIME) else older


def _named(scan: Scan, this_year: int) -> date | None:
    """A month by name with a day and a year around it."""
    months = longest(scan.of("months"))
    atoms = _atoms(scan)
    for month in reversed(months):
        around = [n for n in atoms if not (n.first < month.last and month.first < n.last)]
        days = [n for n in around if 1 <= n.value <= 31]
        its = [n for n in days if _near(n, month) and not _taken_back(scan, n, month)]
        for number in its or _of_another(scan, days, month, months):
            day, index = int(number.value), around.index(number)
            after = _without_the_word(scan, around[index + 1 :])
            year = _year_of(after, this_year) or _year_of(around[:index], this_year)
            for found in _valid(year or 0, int(month.name), day):
                return found
    return None


def _without_the_word(scan: Scan, parts: list[Number]) -> list[Number]:
    """Without the "year" before the digits of a year, where it is written like a number: Vietnamese năm, also five."""
    said = [n for n in parts if scan.tokens[n.first].text in _YEAR_WORDS and n.last - n.first == 1]
    two = len(parts) > 2 or (len(parts) == 2 and parts[1].value >= 10)
    return parts[1:] if said and said[0] is parts[0] and two else parts


def _taken_back(scan: Scan, number: Number, month: Hit) -> bool:
    """Whether a day before the month is taken back: the third of "july third no july second"."""
    turns = [*corrections(scan), *(h for h in scan.named("answers", "no") if h.last - h.first == 1)]
    return any(number.last <= turn.first and turn.last <= month.first for turn in turns)


def _of_another(scan: Scan, days: list[Number], month: Hit, months: list[Hit]) -> list[Number]:
    """The day of a month that is taken back: the 22nd of "the 22nd of february, no sorry, of march"."""
    said = [m for m in months if m.last <= month.first]
    return [n for n in days if any(_near(n, m) for m in said[-1:]) and _taken_back(scan, n, month)]


def _near(number: Number, month: object) -> bool:
    first, last = getattr(month, "first", 0), getattr(month, "last", 0)
    return 0 <= number.first - last <= 3 or 0 <= first - number.last <= 3


def _atoms(scan: Scan) -> list[Number]:
    """Numbers grouped, ordinals among them, without the suffixes of "4th"."""
    ordinals = [h for h in longest(scan.of("ordinals")) if h.name.isdigit()]
    out = [Number(h.first, h.last, float(h.name)) for h in ordinals]
    taken = {i for h in ordinals for i in range(h.first, h.last)}
    out += [n for n in numbers.grouped(scan) if n.first not in taken and n.value == int(n.value)]
    return _compounds(sorted(out, key=lambda n: n.first), taken)


def _compounds(found: list[Number], ordinals: set[int]) -> list[Number]:
    """The numbers with an ordinal joined to the tens before it: двадцать восьмое is 28."""
    out: list[Number] = []
    for number in found:
        left = out[-1] if out else None
        tens = left and not left.digits and left.first not in ordinals and left.value % 10 == 0
        joins = number.first in ordinals and number.value < 10
        if left and tens and joins and left.value >= 20 and left.last == number.first:
            out[-1] = Number(left.first, number.last, left.value + number.value)
        else:
            out.append(number)
    return out


def _year_of(parts: list[Number], this_year: int) -> int | None:
    values = [int(n.value) for n in parts]
    if not values:
        return None
    for value in values:
        if _OLDEST <= value <= this_year:
            return value
    if len(values) >= 4 and all(v < 10 for v in values[:4]):
        return int("".join(str(v) for v in values[:4]))
    if len(values) == 2 and values[0] in range(30, 100, 10) and values[1] < 10:
        return _century(values[0] + values[1], this_year)
    if len(values) >= 2 and values[0] in (19, 20):
        rest = values[1:]
        if rest[0] == 0 and len(rest) > 1 and rest[1] < 10:
            return values[0] * 100 + rest[1]
        if len(rest) > 1 and rest[0] in range(10, 100, 10) and rest[1] < 10:
            return values[0] * 100 + rest[0] + rest[1]
        return values[0] * 100 + rest[0] if rest[0] < 100 else None
    if values[0] == 0 and len(values) > 1 and values[1] < 10:
        return _century(values[1], this_year)
    if len(values) >= 2 and values[0] < 10 and values[1] < 10:
        return _century(values[0] * 10 + values[1], this_year)
    return _century(values[0], this_year) if 0 < values[0] < 100 else None


def _spoken(scan: Scan, this_year: int, day_first: bool) -> date | None:
    """Numbers only, said one after the other: "oh four one eight sixty one"."""
    values = _atoms(scan)
    if not 3 <= len(values) <= 8:
        return None
    for first, rest in _fields(values):
        for second, tail in _fields(rest):
            year = _year_of(tail, this_year)
            if year is None:
                continue
            for found in _ordered(first, second, year, day_first):
                return found
    return None


def _fields(parts: list[Number]) -> Iterator[tuple[int, list[Number]]]:
    """The ways to take a month or a day off the front: 0 4 and 1 8 belong together before 4 stands alone."""
    if not parts:
        return
    value = int(parts[0].value)
    after = int(parts[1].value) if len(parts) > 1 else -1
    if value == 0:
        if 1 <= after <= 9:
            yield after, parts[2:]
        return
    if value < 10 and 0 <= after <= 9 and len(parts) >= 3 and value * 10 + after <= 31:
        yield value * 10 + after, parts[2:]
    if 1 <= value <= 31:
        yield value, parts[1:]
