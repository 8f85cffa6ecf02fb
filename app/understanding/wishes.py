"""What a reply asks of an appointment's time and what it rules out: every mention of one, as a test on a slot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app.understanding.asides import told_of
from app.understanding.choices import numbered, ordinals
from app.understanding.clocktime import TimeOfDay, times
from app.understanding.lexicon import Hit, Scan
from app.understanding.mention import Mention
from app.understanding.message import covered, longest, overlaps
from app.understanding.numbers import grouped, whole
from app.understanding.reading import Option
from app.understanding.slot_times import (
    Test,
    at,
    between,
    days_after,
    days_before,
    hour_or_day,
    in_hour,
    on_date,
    on_day,
    on_days,
    on_weekday,
    within,
)

_HOURS = {
    "before_work": (0, 9),
    "morning": (0, 12),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "after_work": (15, 24),
}
_NEAR_DAYS = {"today": 0, "tomorrow": 1, "day_after": 2, "in_three_days": 3}
_WEEKS = {"this_week": 0, "next_week": 7}
_PARTS_OF_WEEK = {"weekend": range(6, 8), "weekday": range(1, 6), "midweek": range(2, 5)}
_BOUND = frozenset(("after", "before", "after_work", "before_work", "than"))
_OTHER_TIMES = ("call_me_back", "complaint")
_REACH = 4
_NOON = (11 * 60, 13 * 60 + 59)
_MONTH = 31


class Finder:
    """Finds the mentions of one scan, from token ``begin`` on; ``now`` is local, for "tomorrow"."""

    def __init__(
        self, scan: Scan, options: tuple[Option, ...], now: datetime | None = None, begin: int = 0
    ) -> None:
        self._scan, self._options, self._now, self._begin = scan, options, now, begin
        self._starts = [option.start for option in options if option.start is not None]
        self._taken: set[int] = set()
        refusals = scan.named("slots", "not_")
        self._turns = {hit.first for hit in scan.named("slots", "turn") if not covered(hit, refusals)}
        self._found: list[Mention] = []
        self.elsewhere = False
        """Whether a time was left out because it is not that of a visit."""
        self.unclear = False
        """Whether "the 3rd" may be a day or an option."""
        self.asked = False
        """Whether something else is asked about a time: "who is it with on friday"."""

    def mentions(self) -> list[Mention]:
        """Every mention, in reading order, with whether it is refused."""
        self._weekdays()
        self._dates()
        self._month_days()
        clocks = [clock for clock in times(self._scan, self._taken) if clock.first >= self._begin]
        self._parts(clocks)
        self._clocks(clocks)
        self._relative()
        timed = bool(self._found)
        self._numbers(clocks)
        if not timed:
            self._ordinals()
        self._found = [mention for mention in self._found if self._counts(mention)]
        return self._judged()

    def _counts(self, mention: Mention) -> bool:
        """Not what is part of a refusal ("too late") or stands under an if ("3 if 1 is taken")."""
        refusals = [hit for hit in self._scan.of("slots") if hit.name in ("not_", "not_after")]
        size = mention.last - mention.first
        if any(
            h.first <= mention.first and mention.last <= h.last and h.last - h.first > size for h in refusals
        ):
            return False
        if not mention.option and self._of_another_thing(mention):
            return False
        wondered = self._scan.named("slots", "asked") if mention.option else []
        if any(hit.first <= mention.first and mention.last <= hit.last for hit in wondered):
            return False  # "2 then? or is 1 better for parking"
        low = mention.first
        while low > 0 and not self._starts_clause(low):
            low -= 1
        return not any(low <= hit.first < mention.first for hit in self._scan.named("slots", "if_"))

    def _of_another_thing(self, mention: Mention) -> bool:
        """A time to be called at, or of what went wrong: "call me tomorrow", "your door was locked at 8:30"."""
        if told_of(self._scan, mention.first, mention.last):
            self.elsewhere = True
            return True
        begun = {hit.first for name in _OTHER_TIMES for hit in self._scan.named("intents", name)}
        asked = {hit.first for hit in self._scan.named("slots", "asked")}
        fits = any(hit.first >= mention.last for hit in self._scan.named("slots", "fits"))
        here = self.clause(mention.first)
        questioned = any(at <= mention.first and self.clause(at) == here for at in asked)
        self.asked = self.asked or questioned
        found = questioned or (
            not fits and any(at < mention.last and self.clause(at) == here for at in begun)
        )
        self.elsewhere = self.elsewhere or found
        return found

    def _ordinals(self) -> None:
        """ "The second", where nothing is said of days or hours."""
        known = {m.option for m in self._found}
        slots = [option for option in self._options if option.start is not None]
        named = {hit.first for hit in self._scan.named("slots", "ordinal_one")}
        for hit in longest(ordinals(self._scan)):
            if hit.first >= self._begin and 1 <= int(hit.name) <= len(slots):
                option = slots[int(hit.name) - 1]
                figures = self._scan.tokens[hit.first].text[:1].isdigit() and hit.last not in named
                if figures and self._another_day(int(hit.name), option):
                    self.unclear = True
                if option.id not in known:
                    clause = self.clause(hit.first)
                    self._found.append(
                        Mention("option", hit.first, hit.last, option=option.id, clause=clause)
                    )

    def _another_day(self, day: int, option: Option) -> bool:
        on = [o.id for o in self._options if o.start is not None and o.start.day == day]
        return bool(on) and option.id not in on

    def _add(self, kind: str, first: int, last: int, test: Test, *, sure: bool = True) -> None:
        self._found.append(Mention(kind, first, last, test, clause=self.clause(first), sure=sure))

    def clause(self, index: int) -> int:
        """Which clause of the reply a token stands in: a break or a turn ("so", "but") begins the next."""
        return sum(self._starts_clause(i) for i in range(1, index + 1))

    def _starts_clause(self, index: int) -> bool:
        return self._scan.tokens[index].brk > 0 or index in self._turns

    def _weekdays(self) -> None:
        named = [*self._scan.of("weekdays"), *(h for h in self._scan.of("ordinals") if h.last - h.first > 1)]
        for hit in longest(named):
            if hit.first >= self._begin and hit.section == "weekdays":
                self._add("weekday", hit.first, hit.last, on_weekday(int(hit.name)))
                self._taken |= set(range(hit.first, hit.last))
        for name, days in _PARTS_OF_WEEK.items():
            for hit in self._named(name):
                self._add("weekday", hit.first, hit.last, on_days(days))

    def _named(self, name: str) -> list[Hit]:
        return [hit for hit in longest(self._scan.named("slots", name)) if hit.first >= self._begin]

    def _dates(self) -> None:
        """Month and day in figures, in whichever order an offered day has."""
        known = {(start.month, start.day) for start in self._starts}
        for index in range(self._begin, len(self._scan.tokens) - 1):
            left, right = self._scan.tokens[index], self._scan.tokens[index + 1]
            figures = left.text.isdecimal() and right.text.isdecimal()
            if not figures or right.sep.strip() not in ("/", "-", "."):
                continue
            pair = (int(left.text), int(right.text))
            pair = pair if pair in known else pair[::-1]
            if pair in known:
                self._add("date", index, index + 2, on_date(pair))
                self._taken |= {index, index + 1}

    def _month_days(self) -> None:
        """A day of the month: beside a month or weekday, marked as one, or an ordinal too high to be a choice."""
        scan, starts = self._scan, self._starts
        months = [hit for hit in longest(scan.of("months")) if hit.first >= self._begin]
        days = {start.day for start in starts}
        ordinals = [h for h in longest(scan.of("ordinals")) if h.name.isdecimal()]
        found = [(h.first, h.last, int(h.name), True) for h in ordinals]
        endings = {hit.first for hit in scan.named("ordinals", "suffix")}  # the "th" of "30th"
        known = {first for first, *_ in found}
        for n in grouped(scan):
            if whole(n) is not None and n.first not in known:
                marked = n.last in endings
                found.append((n.first, n.last + marked, int(n.value), marked))
        for first, last, value, ordinal in found:
            if first < self._begin or first in self._taken or (not ordinal and _clocklike(scan, last)):
                continue
            marks = scan.named("slots", "day_mark")
            beside = _beside(first, last, months, 1) or _beside(first, last, marks, 0)
            beside = beside or any(h.first < first < h.last for h in scan.named("ordinals", "dated"))
            if ordinal and value <= len(starts) and value not in days and not months:
                continue  # "le 2e" of two times, neither of them on the second
            weekday = self._dated(first, last, value)
            chosen = any(hit.first == last for hit in scan.named("slots", "ordinal_one"))
            high = ordinal and value in days and value > len(starts) and not chosen
            if beside or weekday or high or self._called_a_day(first, value):
                self._add("date", first, last, self._day(first, value))
                self._taken |= set(range(first, last))

    def _dated(self, first: int, last: int, value: int) -> bool:
        """Whether a number beside a weekday is the day of a slot on that weekday: "wed 2", not "2 thu"."""
        near = [hit for hit in self._scan.of("weekdays") if _beside(first, last, [hit], 0)]
        return any(
            start.day == value and start.isoweekday() == int(hit.name)
            for hit in near
            for start in self._starts
        )

    def _called_a_day(self, first: int, value: int) -> bool:
        """Whether a number too high for an option is a day by the word before it: "la del 10", "le 10"."""
        marked = any(hit.last == first for hit in self._scan.named("slots", "the_day"))
        return marked and value > len(self._options) and any(start.day == value for start in self._starts)

    def _day(self, first: int, value: int) -> Test:
        """That day, or the days before or after it: "antes del 10"."""
        cues = {hit.name for hit in self._scan.of("slots") if hit.last == first} & {"before", "after"}
        if not cues:
            return on_day(value)
        return days_after(value) if "after" in cues else days_before(value)

    def _parts(self, clocks: list[TimeOfDay]) -> None:
        """Morning, afternoon, evening; right beside a time of day they only say which half of the clock it is."""
        parts = [hit for hit in self._scan.of("slots") if hit.name in _HOURS and hit.first >= self._begin]
        parts = [hit for hit in parts if not self._parted(hit)]
        exact = [c for c in clocks if not any(self._cue(c, name) for name in ("after", "before"))]
        for hit in longest(parts):
            same = [c for c in exact if self.clause(c.first) == self.clause(hit.first)]
            if not any(c.first - 2 <= hit.last and hit.first <= c.last + 2 for c in same):
                low, high = _HOURS[hit.name]
                self._add("part", hit.first, hit.last, between(low * 60, high * 60 - 1))

    def _parted(self, hit: Hit) -> bool:
        return any("," in token.sep for token in self._scan.tokens[hit.first + 1 : hit.last])

    def _clocks(self, clocks: list[TimeOfDay]) -> None:
        if len(clocks) >= 2 and any(self._cue(clock, "between") for clock in clocks):
            left, right = sorted(clocks[:2], key=lambda clock: clock.first)
            self._add("range", left.first, right.last, between(left.minutes(), right.minutes()))
            return
        noons = {hit.first for hit in self._scan.named("slots", "noon")}
        for clock in clocks:
            if self._cue(clock, "after") or self._back(clock, "after"):
                self._add(f"from {clock.first}", clock.first, clock.last, between(clock.minutes(), 24 * 60))
            elif self._cue(clock, "before") or self._back(clock, "before"):
                self._add(f"to {clock.first}", clock.first, clock.last, between(0, clock.minutes()))
            elif clock.first in noons:
                self._add("part", clock.first, clock.last, between(*_NOON), sure=False)
            else:
                self._clock(clock)

    def _clock(self, clock: TimeOfDay) -> None:
        """A time by itself; where none is offered then, an hour without minutes is that hour's: "8am" of 8:15."""
        offered = any(at(clock)(start) for start in self._starts)
        if not offered and not self._to_the_minute(clock):
            inside = any(in_hour(clock)(start) for start in self._starts)
            kind = "hour" if inside else "clock"
            self._add(kind, clock.first, clock.last, in_hour(clock), sure=self._plain(clock) and not inside)
        else:
            self._add("clock", clock.first, clock.last, at(clock), sure=self._plain(clock))

    def _to_the_minute(self, clock: TimeOfDay) -> bool:
        return ":" in self._scan.tokens[clock.first].text or clock.minute > 0

    def _plain(self, clock: TimeOfDay) -> bool:
        """Whether a time is unmistakable: with minutes or a half of the day, not "at 2"."""
        return bool(clock.half) or self._to_the_minute(clock)

    def _cue(self, clock: TimeOfDay, name: str) -> bool:
        for hit in self._scan.named("slots", name):
            behind = self._scan.language in ("zh", "ko") and 0 <= hit.first - clock.last <= 1  # 三点以后
            if 0 <= clock.first - hit.last <= 1 or (behind and name != "between"):
                return True
        return False

    def _back(self, clock: TimeOfDay, name: str) -> bool:
        """ "I get off at three so it has to be after that": the cue points back to the time."""
        pointers = {hit.first for hit in self._scan.named("slots", "that")}
        return any(
            hit.first >= clock.last and hit.last in pointers for hit in self._scan.named("slots", name)
        )

    def _relative(self) -> None:
        if self._now is None:
            return
        near = longest([h for h in self._scan.of("slots") if h.name in _NEAR_DAYS or h.name in _HOURS])
        for hit in near:
            if hit.name in _NEAR_DAYS and hit.first >= self._begin:
                day = (self._now + timedelta(days=_NEAR_DAYS[hit.name])).date()
                self._add("date", hit.first, hit.last, within(day, 1))
        monday = (self._now - timedelta(days=self._now.weekday())).date()
        for name, shift in _WEEKS.items():
            for hit in self._named(name):
                self._add("week", hit.first, hit.last, within(monday + timedelta(days=shift), 7))

    def _numbers(self, clocks: list[TimeOfDay]) -> None:
        """Numbers of options; a higher one is the hour or the day of a slot ("the 11 works")."""
        busy = {i for m in self._found for i in range(m.first, m.last)}
        busy |= {i for clock in clocks for i in range(clock.first, clock.last)}
        for first, last, value in numbered(self._scan):
            if first < self._begin or first in busy:
                continue
            if first - 1 in busy and value == 1 and self._scan.tokens[first].kind != "num":
                continue  # the "one" of "the 3:45 one"
            if value == 1 and self._stands_for_one(first):
                continue
            if 1 <= value <= len(self._options):
                option = next((o for o in self._options if o.id == str(value)), self._options[value - 1])
                self._found.append(
                    Mention("option", first, last, option=option.id, clause=self.clause(first))
                )
            elif 1 <= value <= _MONTH:
                test = hour_or_day(value)
                if sum(test(start) for start in self._starts) == 1:
                    self._add("clock", first, last, test, sure=False)

    def _stands_for_one(self, index: int) -> bool:
        """Whether a 1 is the "one" of "the noonish 1": right after a part of the day that the first is not in."""
        apart = self._scan.tokens[index].brk > 0 or index + 1 < len(self._scan.tokens)
        parts = [m for m in self._found if m.kind == "part" and m.last == index]
        first = next((o for o in self._options if o.id == "1"), None)
        return first is not None and not apart and any(not m.fits(first) for m in parts)

    def _judged(self) -> list[Mention]:
        found = sorted(self._found, key=lambda mention: (mention.first, mention.last))
        after = [m for m in found if self._refused_after(m)]
        used = {hit for m in after for hit in self._behind(m)}
        out: list[Mention] = []
        for mention in reversed(found):
            chained = bool(out) and out[-1].refused and self._joined(mention, out[-1])
            refused = chained or mention in after or self._refused_before(mention, used)
            out.append(mention.judged(refused=refused))
        return self._listed(out[::-1])

    def _listed(self, found: list[Mention]) -> list[Mention]:
        """ "Can't do monday or friday": the second of a list is refused with the first."""
        joins = {hit.first for hit in self._scan.named("slots", "join")}
        fine = {hit.first for hit in self._scan.named("slots", "fits")}
        out: list[Mention] = []
        for mention in found:
            before = out[-1] if out else None
            listed = before is not None and before.refused and before.kind == mention.kind
            if before is not None and listed and mention.first - before.last == 1 and before.last in joins:
                good = mention.last in fine or mention.last + 1 in fine
                out.append(mention.judged(refused=mention.refused or not good))
            else:
                out.append(mention)
        return out

    def _joined(self, left: Mention, right: Mention) -> bool:
        """Whether two mentions stand together and so are one: "monday at 8:15 won't work"."""
        if left.kind == right.kind or left.kind == "option" or not 0 <= right.first - left.last <= 1:
            return False
        return not any(self._starts_clause(i) for i in range(left.last, right.first + 1))

    def _behind(self, mention: Mention) -> list[Hit]:
        tokens, near = self._scan.tokens, {mention.last}
        bound = {i for h in self._scan.of("slots") if h.name in _BOUND for i in range(h.first, h.last)}
        if mention.last not in bound and mention.last not in self._turns:
            near.add(mention.last + 1)
        return [
            hit
            for hit in self._scan.named("slots", "not_after")
            if hit.first in near and not any(tokens[i].brk for i in range(mention.last, hit.first + 1))
        ]

    def _refused_after(self, mention: Mention) -> bool:
        return bool(self._behind(mention))

    def _refused_before(self, mention: Mention, used: set[Hit]) -> bool:
        """Excluded by what stands before: "not", "except", "can't do", "better than"."""
        scan = self._scan
        days = [h.first for h in scan.of("weekdays")] if mention.kind == "weekday" else []
        spans = [hit for hit in scan.of("slots") if hit.name in ("after", "before")]
        until = [hit for hit in spans if hit.last - hit.first > 1 and mention.first - hit.last in (0, 1)]
        cues = [h for h in scan.named("slots", "not_") if h.first >= self._begin and not covered(h, spans)]
        cues = [hit for hit in cues if not overlaps(hit, until) and hit.first != (self._begin or -1)]
        less = [hit for hit in scan.named("slots", "than") if not covered(hit, spans)]
        for hit in (*cues, *less):
            if any(hit.first < used_hit.last and used_hit.first < hit.last for used_hit in used):
                continue
            if not hit.first < mention.first <= hit.last + _REACH:
                continue
            apart = any(self._starts_clause(i) for i in range(hit.last, mention.first + 1))
            if not apart and (hit in less or not any(hit.last <= day < mention.first for day in days)):
                return True
        return False


def _beside(first: int, last: int, hits: Iterable[Hit], gap: int) -> bool:
    return any(0 <= first - hit.last <= gap or 0 <= hit.first - last <= gap for hit in hits)


def _clocklike(scan: Scan, index: int) -> bool:
    return any(h.first == index and h.name in ("am", "pm", "oclock") for h in scan.of("slots"))
