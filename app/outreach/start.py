"""Planned attempts become conversations, or are skipped with the reason; the cases stay either way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Uuid, bindparam, update
from sqlalchemy.orm import Session

from app.cases.closing import close_by_bot
from app.cases.flags import raise_flag
from app.cases.models import Case
from app.consent.ledger import refused
from app.consent.may_send import DEFAULT_CAPS, Caps, verdict
from app.conversations.advance import Beginning, open_all
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import Outcome
from app.conversations.visits import REMINDS
from app.flow.schema import Script
from app.flow.state import State
from app.outbox.models import Purpose
from app.outbox.recent import Ledger, starts
from app.outreach.batch import Batch, One, read
from app.outreach.models import Attempt
from app.outreach.together import AGAIN, NO_ANSWER, told_by, wait_for
from app.patients.models import ContactPoint
from app.scheduling.appointments import same_day
from app.scheduling.models import Appointment
from app.store import UTCDateTime, new_id

DONE_WITH = ("cancelled", "fulfilled", "arrived", "entered-in-error", "noshow", "checked-in")
TOGETHER = "told together with another visit of that day"
WHILE_CLAIMED = timedelta(minutes=30)
Reached = tuple[One, str, ContactPoint]
"""An attempt, and the channel and number that would reach its patient."""


def start(
    session: Session, ids: Collection[UUID], *, kit: Kit, now: datetime, caps: Caps = DEFAULT_CAPS
) -> dict[UUID, Outcome]:
    """Begin the conversations of these attempts, each once; one for a case that ended, or made before, does nothing.

    What is missing in the answer has to be started by itself afterwards: its case was somebody's just now, or its
    patient has another one among these.
    """
    run = _Run(session, kit, now, caps, read(session, ids, now))
    for attempt_id in run.batch.over:
        run.outcomes[attempt_id] = Outcome(moved=False)
    run.judge()
    begun = open_all(session, run.beginnings, kit=kit, now=now)
    run.outcomes |= zip((row["attempt"] for row in run.begun), begun, strict=True)
    if run.begun:
        session.connection().execute(_STARTED, [{**row, "now": now} for row in run.begun])
    return run.outcomes


_STARTED = (
    update(Attempt)
    .where(Attempt.id == bindparam("attempt", type_=Uuid()))
    .values(
        done_at=bindparam("now", type_=UTCDateTime()),
        outcome="started",
        conversation_id=bindparam("conversation", type_=Uuid()),
    )
)


@dataclass(slots=True)
class _Run:
    """One batch being started."""

    session: Session
    kit: Kit
    now: datetime
    caps: Caps
    batch: Batch
    outcomes: dict[UUID, Outcome] = field(default_factory=dict)
    begun: list[dict[str, UUID]] = field(default_factory=list)
    beginnings: list[Beginning] = field(default_factory=list)
    scripts: dict[str, tuple[str, Script]] = field(default_factory=dict)

    def judge(self) -> None:
        """Put off, skip, give to a person or begin each of the batch."""
        reached = [one for one in map(self._reach, self.batch.ones) if one is not None]
        asked = {(contact.value_index, channel, one.case.lane_key) for one, channel, contact in reached}
        against = refused(self.session, asked) if asked else set()
        ledger = self._started(reached)
        for one, channel, contact in reached:
            stands = (contact.value_index, channel, one.case.lane_key) not in against
            self._decide(one, channel, contact, stands, ledger)

    def _reach(self, one: One) -> Reached | None:
        """How to reach the patient; None for an attempt that is not made now, which is noted with its reason.

        By text, unless they want to be called or have no number that takes texts.
        """
        if one.case.claimed_by is not None and one.case.closed_at is None:
            self._later(one, self.now + WHILE_CLAIMED, "a coordinator has the case")
            return None
        if self._no_longer(one):
            return None
        text, voice = one.known.contact("sms"), one.known.contact("voice")
        channel, contact = ("sms", text)
        if voice is not None and (text is None or one.patient.channel == "voice"):
            channel, contact = "voice", voice
        if contact is None:
            self._person_calls(one, "no telephone number can be used")
            return None
        return one, channel, contact

    def _no_longer(self, one: One) -> bool:
        """Whether this attempt is not made (any more, or not yet): decided now and not when it was planned."""
        visit = self._visit(one.case)
        if one.case.closed_at is not None:
            self._skip(one, "the case is closed")
        elif visit is None:
            return False
        elif visit.status in DONE_WITH:
            self._skip(one, f"the visit is {visit.status}")
        elif visit.start_at <= self.now:
            self._skip(one, "the visit has begun")
        elif visit.answer is not None:
            self._answered(one, visit.answer)
        else:
            return self._told_together(one, visit)
        return True

    def _answered(self, one: One, answer: str) -> None:
        """They have told us already, asked about another visit of that day or in another way."""
        if answer == "accepted":
            self._skip(one, "the visit is already confirmed")
            close_by_bot(self.session, one.case, "confirmed", self.now)
        else:
            wish = "cannot come" if answer == "declined" else "wants another time"
            self._person_calls(one, f"{wish}: answered together with another visit of that day")

    def _told_together(self, one: One, visit: Appointment) -> bool:
        """Whether another visit's reminder speaks of this one too, or is waited for before this one's own begins."""
        reminders = self.batch.reminders.get(one.patient.id, [])
        told = told_by(reminders, one.case, visit)
        if told is not None and told.ended_at is None:
            self._later(one, self.now + AGAIN, TOGETHER)
            return True
        if told is not None and told.end_reason == NO_ANSWER:
            self._unanswered(one, visit)
            return True
        others = same_day(self.session, visit, one.site.time_zone, one.known.visits)
        until = wait_for(reminders, others, visit, self.now)
        if until is not None:
            self._later(one, until, "another visit of that day is being asked about")
        return until is not None

    def _unanswered(self, one: One, visit: Appointment) -> None:
        if visit.importance == "high":
            self._person_calls(one, "important visit not confirmed")
        else:
            self._skip(one, TOGETHER)
            close_by_bot(self.session, one.case, NO_ANSWER, self.now)

    def _visit(self, case: Case) -> Appointment | None:
        """The visit this case reminds of, if it does."""
        if case.appointment_id is None or case.lane_key != REMINDS:
            return None
        return self.session.get(Appointment, case.appointment_id)

    def _started(self, reached: Collection[Reached]) -> Ledger:
        if not reached:
            return Ledger([])
        patients = {one.patient.id for one, _, _ in reached}
        return starts(self.session, patients, {contact.value_index for _, _, contact in reached}, self.now)

    def _decide(self, one: One, channel: str, contact: ContactPoint, stands: bool, ledger: Ledger) -> None:
        may = verdict(
            patient=one.patient,
            site=one.site,
            channel=channel,
            purpose=Purpose.OUTREACH,
            now=self.now,
            standing=stands,
            recent=ledger.of(one.patient.id, contact.value_index),
            number=contact.value,
            number_state=contact.state,
            caps=self.caps,
        )
        visit = self._visit(one.case)
        if may.kind == "later" and may.at is not None:
            if visit is not None and may.at >= visit.start_at:
                self._person_calls(one, f"no time is left to remind of the visit: {may.reason}")
            else:
                self._later(one, may.at, may.reason)
        elif may.kind == "never":
            self._person_calls(one, may.reason)
        else:
            self._begin(one, channel, contact)

    def _later(self, one: One, at: datetime, reason: str) -> None:
        attempt = one.attempt
        attempt.due_at, attempt.reason, attempt.claimed_until = at, reason[:120], None
        self.outcomes[attempt.id] = Outcome(moved=False)

    def _skip(self, one: One, reason: str) -> None:
        attempt = one.attempt
        attempt.done_at, attempt.outcome, attempt.reason = self.now, "skipped", reason[:120]
        self.outcomes[attempt.id] = Outcome(moved=False)

    def _person_calls(self, one: One, reason: str) -> None:
        """Nothing may or can be sent: a person takes it from here, so that nobody falls through."""
        source = f"attempt:{one.attempt.id}"
        raise_flag(self.session, one.case, urgency=1, because=reason, source=source, now=self.now)
        self._skip(one, reason)

    def _begin(self, one: One, channel: str, contact: ContactPoint) -> None:
        revision, script = self._script(self.batch.lanes[one.case.lane_key].script)
        conversation = Conversation(
            id=new_id(),
            case_id=one.case.id,
            patient_id=one.patient.id,
            site_id=one.site.id,
            revision=revision,
            script=script.script,
            status="new",
            state=State().to_json(),
            channel=channel,
            language=one.patient.language,
            contact_point_id=contact.id,
            number_index=contact.value_index,
            our_number=one.site.numbers[0] if one.site.numbers else "",
            turns=0,
            started_at=self.now,
            moved_at=self.now,
        )
        self.beginnings.append((conversation, f"attempt:{one.attempt.id}", one.known))
        self.begun.append({"attempt": one.attempt.id, "conversation": conversation.id})

    def _script(self, name: str) -> tuple[str, Script]:
        if name not in self.scripts:
            self.scripts[name] = self.kit.scripts.current(self.session, name)
        return self.scripts[name]
