"""One turn of a telephone call: what was pressed or said goes to the same conversation, what comes back is spoken.

Voice is the one short cut past the outbox: the words must be in the answer to the webhook. The turn is committed with
the answer it gave, so a webhook that is sent twice hears the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.clock import is_open
from app.consent.ledger import opt_out
from app.conversations.advance import advance, lock
from app.conversations.facts import about_patient, about_practice
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import Outcome, Spoken
from app.flow.events import Connected, Reply, Silence
from app.flow.wording import shared
from app.inbound.callers import Caller, find_caller
from app.inbound.safety import safety_net
from app.inbound.text import InboundText
from app.inbound.work import Handled, Work
from app.outbox.calls import open_call
from app.outbox.models import Call, Message, MessageStatus, Purpose
from app.patients.people import zone_of
from app.understanding import Expectation, Reading, Urgency, read

MOST_TURNS: Final = 40
HEARD: Final = 0.5
KEYED: Final = ("scale_0_10", "dob")
MENU: Final = {"1": "repeat", "2": "slower", "3": "language", "9": "stop", "0": "person"}


@dataclass(slots=True)
class CallAnswer:
    """What the call does next: say these, then listen, connect to `dial`, or hang up."""

    said: list[Spoken] = field(default_factory=list)
    listening: bool = False
    context: str = "none"
    hints: tuple[str, ...] = ()
    language: str = "en"
    slow: bool = False
    dial: str | None = None
    hang_up: bool = False
    flags: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Turn:
    """A turn of a call with what is known about the caller."""

    session: Session
    call: Call
    caller: Caller
    params: Mapping[str, str]
    key: str
    kit: Kit
    now: datetime
    answer: CallAnswer

    @property
    def conversation(self) -> Conversation | None:
        return self.caller.conversation

    @property
    def language(self) -> str:
        if self.conversation is not None:
            return self.conversation.language
        return self.caller.patient.language if self.caller.patient else "en"

    def say(self, key: str, *, listening: bool = False) -> None:
        """Say one of the shared texts."""
        patient, site = self.caller.patient, self.caller.site
        values = about_practice(site) | (about_patient(patient) if patient else {})
        words = shared(key, self.kit.catalogs, values, self.language, zone_of(patient, site), "voice")
        self.answer.said.append(Spoken(words.text, words.language, listening))
        self.answer.listening = self.answer.listening or listening


def take_call(
    session: Session, params: Mapping[str, str], *, ref: UUID | None, turn: str, kit: Kit, now: datetime
) -> tuple[Call, CallAnswer | None]:
    """Move a call by one webhook. The answer is None when this turn was answered before: `call.last_twiml` holds it."""
    call = _call(session, params, ref, now)
    key = f"{call.carrier_sid}:{turn}"
    if call.last_key == key and call.last_twiml is not None:
        return call, None
    caller = find_caller(session, call, params, ref, now)
    answer = CallAnswer(language=caller.language, slow=bool(call.notes.get("slow")))
    this = Turn(session, call, caller, params, key, kit, now, answer)
    call.turns += 1
    call.last_key = key
    _answer(this, first=turn == "0")
    return call, answer


def _call(session: Session, params: Mapping[str, str], ref: UUID | None, now: datetime) -> Call:
    sid = params.get("CallSid", "")[:40]
    query = select(Call).where(Call.carrier_sid == sid).with_for_update()
    call = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if call is not None:
        return call
    outbound = params.get("Direction", "").startswith("outbound") or ref is not None
    theirs = params.get("To" if outbound else "From", "")
    direction = "out" if outbound else "in"
    open_call(
        session, sid=sid, direction=direction, number=theirs, now=now, message_id=ref, status="in-progress"
    )
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _answer(turn: Turn, *, first: bool) -> None:
    answered_by = turn.params.get("AnsweredBy", "")
    if answered_by:
        turn.call.answered_by = answered_by[:24]
    if answered_by.startswith("machine") or answered_by == "fax":
        _voicemail(turn, answered_by)
    elif turn.call.turns > MOST_TURNS:
        turn.say("voice_goodbye")
        turn.answer.hang_up = True
    elif first:
        _greet(turn)
    else:
        _turn(turn)


def _voicemail(turn: Turn, answered_by: str) -> None:
    """Name and number only, once, and only after the tone (HHS FAQ 198): nothing of why we call."""
    if answered_by.startswith("machine_end"):
        turn.say("voice_voicemail")
    turn.answer.hang_up = True


def _greet(turn: Turn) -> None:
    if turn.conversation is None or turn.conversation.taken_by is not None:
        turn.say("voice_inbound")
        _to_person(turn, "called us")
        return
    _go_on(turn, _advance(turn, Connected(inbound=turn.call.direction == "in", channel="voice")))


def _turn(turn: Turn) -> None:
    digits, speech = turn.params.get("Digits", "").strip(), turn.params.get("SpeechResult", "").strip()
    if digits == "*" and not turn.call.notes.get("menu"):
        _note(turn, menu=True)
        turn.say("voice_menu", listening=True)
    elif turn.call.notes.get("menu"):
        _menu(turn, digits)
    elif digits == "0" and _asked(turn).context not in KEYED:
        _to_person(turn, "pressed 0 for a person")
    elif digits or speech:
        _reply(turn, digits, speech)
    else:
        _go_on(turn, _advance(turn, Silence(channel="voice")))


def _note(turn: Turn, **notes: object) -> None:
    turn.call.notes = {**turn.call.notes, **notes}


def _menu(turn: Turn, digits: str) -> None:
    _note(turn, menu=False)
    match MENU.get(digits):
        case "slower":
            _note(turn, slow=True)
            turn.answer.slow = True
            _again(turn)
        case "language":
            _next_language(turn)
            _again(turn)
        case "stop":
            _stop_calls(turn)
        case "person":
            _to_person(turn, "pressed 0 for a person")
        case _:
            _again(turn)


def _again(turn: Turn) -> None:
    _go_on(turn, _advance(turn, Reply(_request("repeat"), "", channel="voice")))


def _request(intent: str) -> Reading:
    return Reading(None, (intent,), Urgency.NONE, False, 1.0)


def _next_language(turn: Turn) -> None:
    conversation = turn.conversation
    spoken = [code for code in turn.caller.site.languages if code != "ht"]
    if conversation is None or not spoken:
        return
    place = spoken.index(conversation.language) if conversation.language in spoken else -1
    conversation.language = spoken[(place + 1) % len(spoken)]
    turn.answer.language = conversation.language


def _stop_calls(turn: Turn) -> None:
    """The key of every call that ends our calls (47 CFR 64.1200(a)(9)); a person still sees the case."""
    opt_out(
        turn.session,
        number=turn.caller.number,
        patient_id=turn.caller.patient.id if turn.caller.patient else None,
        channel="voice",
        source="key 9 on a call",
        words="9",
        sid=turn.call.carrier_sid,
        now=turn.now,
    )
    if turn.caller.case is not None:
        _work(turn, "9", Reading(None, ("opt_out",), Urgency.NONE, True, 1.0)).flag(
            1, "wants no more calls", "stop"
        )
    turn.say("voice_opted_out")
    turn.answer.hang_up = True


def _asked(turn: Turn) -> Expectation:
    conversation = turn.conversation
    if conversation is None or conversation.status != "waiting" or not conversation.prompt:
        return Expectation()
    return Expectation.from_json(conversation.prompt)


def _reply(turn: Turn, digits: str, speech: str) -> None:
    asked = _asked(turn)
    text = _dated(digits) if digits and asked.context == "dob" else digits or speech
    local = turn.now.astimezone(zone_of(turn.caller.patient, turn.caller.site)).replace(tzinfo=None)
    reading = read(text, asked, turn.language, local, channel="sms" if digits else "speech")
    if speech and _unheard(turn.params) and reading.urgency < Urgency.URGENT:
        reading = replace(reading, answer=None, intents=(), confidence=0.0, flag=False)
    work = _work(turn, "(date of birth)" if asked.context == "dob" else text, reading)
    finding = safety_net(reading)
    if finding is not None:
        flag = work.flag(int(finding.urgency), finding.because)
        if flag is not None and finding.urgency >= Urgency.URGENT:
            turn.answer.flags.append(flag)
        if finding.say:
            turn.say(finding.say)
            turn.answer.hang_up = True
    reply = Reply(reading, text, channel="voice")
    evidence, message_id = work.evidence, work.message.id
    outcome = _advance(turn, reply, words=work.message.body, evidence=evidence, message_id=message_id)
    if not turn.answer.hang_up:
        _go_on(turn, outcome)


def _unheard(params: Mapping[str, str]) -> bool:
    try:
        return float(params.get("Confidence", "1") or 1) < HEARD
    except ValueError:
        return False


def _dated(digits: str) -> str:
    """Eight keys are month, day and year, as the prompt asks for them."""
    return f"{digits[:2]}/{digits[2:4]}/{digits[4:]}" if len(digits) == 8 else digits


def _work(turn: Turn, words: str, reading: Reading) -> Work:
    """Keep what was said in the same thread as texts."""
    caller = turn.caller
    case = caller.need_case(turn.session, turn.now)
    message = Message(
        direction="in",
        channel="voice",
        status=MessageStatus.RECEIVED,
        purpose=Purpose.REPLY,
        site_id=caller.site.id,
        patient_id=caller.patient.id if caller.patient else None,
        case_id=case.id,
        conversation_id=caller.conversation.id if caller.conversation else None,
        language=turn.language,
        number=caller.number,
        number_index=turn.call.number_index,
        body=words,
        reading=reading.to_json(),
        author="patient",
        created_at=turn.now,
    )
    turn.session.add(message)
    turn.session.flush()
    incoming = InboundText(message.id, turn.key, caller.number, "", words, (), turn.params, turn.now)
    return Work(turn.session, incoming, caller.route(), case, message, reading, turn.kit, turn.now, Handled())


def _advance(turn: Turn, event: Connected | Silence | Reply, **more: object) -> Outcome:
    conversation = turn.conversation
    if conversation is None:
        return Outcome(moved=False)
    lock(turn.session, conversation.id)
    return advance(
        turn.session,
        conversation.id,
        event,
        key=f"call:{turn.key}:{turn.call.turns}"[:80],
        kit=turn.kit,
        now=turn.now,
        **more,  # type: ignore[arg-type]  # the reply's message_id, words and evidence
    )


def _go_on(turn: Turn, outcome: Outcome) -> None:
    """Say what the turn gave, then listen, hang up, or bring in a person."""
    answer = turn.answer
    answer.said += outcome.spoken
    if outcome.to_person:
        _connect(turn)
    elif outcome.hang_up or not outcome.spoken:
        answer.hang_up = True
    else:
        last = outcome.spoken[-1]
        answer.listening, answer.context, answer.hints = last.listening, last.context, last.hints
        answer.language = last.language
        answer.hang_up = not last.listening


def _to_person(turn: Turn, because: str) -> None:
    """The patient wants a person: said so in the queue, and connected now or called back."""
    reading = _request("wants_human")
    work = _work(turn, because, reading)
    work.flag(1, because, "person")
    if turn.conversation is not None and turn.conversation.status == "waiting":
        _advance(turn, Reply(reading, because, channel="voice"))
    _connect(turn)


def _connect(turn: Turn) -> None:
    """A live transfer in the practice's hours, else a promise to call back; the case is in the queue either way."""
    site = turn.caller.site
    if site.transfer_number and is_open(site, turn.now):
        if not any(s.text for s in turn.answer.said):
            turn.say("voice_to_person")
        turn.answer.dial = site.transfer_number
    else:
        turn.say("voice_call_back")
        turn.answer.hang_up = True
