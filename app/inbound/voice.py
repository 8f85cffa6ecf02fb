"""One turn of a telephone call: what was pressed or said goes to the same conversation, what comes back is spoken.

Voice is the one short cut past the outbox: the words must be in the answer to the webhook. The turn is committed with
the answer it gave, so a webhook that is sent twice hears the same again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.flags import arrived
from app.conversations.kit import Kit
from app.conversations.turn import Outcome
from app.flow.events import Connected, Reply, Silence
from app.flow.safety import Finding, safety_net
from app.i18n.speech import voice
from app.inbound import acts, call_identity, call_menu
from app.inbound.call_person import can_connect, connect, to_person
from app.inbound.call_turn import CallAnswer, Turn, as_said
from app.inbound.callers import find_caller
from app.inbound.work import Work, kept
from app.outbox.calls import OVER, open_call
from app.outbox.models import SAID_BIRTH_DATE, Call
from app.patients.people import visit_zone
from app.understanding import Expectation, Reading, Urgency, read

MOST_TURNS: Final = 40
LONGEST: Final = timedelta(minutes=10)
"""Two machines could talk to each other for ever; a patient with the longest script needs six minutes."""
HEARD: Final = 0.5
"""Speech the recogniser is less sure of was not heard (twilio.md §9.11), unless it sounds like danger."""
CLEARLY: Final = 0.7
"""Below this the answer is said back."""
KEYED: Final = ("scale_0_10",)
OWN_WORDS: Final = ("open_text", "none")
PERSON: Final = frozenset({"wants_human", "call_me_back"})


def take_call(
    session: Session, params: Mapping[str, str], *, ref: UUID | None, turn: int, kit: Kit, now: datetime
) -> tuple[Call, CallAnswer | None]:
    """Move a call by one webhook. The answer is None when this turn was answered before: `call.last_twiml` holds it.

    A late repeat of an earlier turn, or the carrier's fallback beginning at 0, gets the newest answer again.
    """
    call = call_of(session, params, ref, now)
    if turn < call.turns and call.last_twiml is not None:
        return call, None
    this = open_turn(session, call, params, ref=ref, kit=kit, now=now)
    call.turns += 1
    call.last_key = this.key
    _answer(this, first=call.turns == 1)
    this.keep()
    return call, this.answer


def call_of(session: Session, params: Mapping[str, str], ref: UUID | None, now: datetime) -> Call:
    """The call of these parameters, locked until the transaction ends; made when it is new."""
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


def open_turn(
    session: Session, call: Call, params: Mapping[str, str], *, ref: UUID | None, kit: Kit, now: datetime
) -> Turn:
    """A turn of this call with its caller; NotFound when no practice is set up."""
    caller = find_caller(session, call, params, ref, now)
    key = f"{call.carrier_sid}:{call.turns}"
    turn = Turn(session, call, caller, params, key, kit, now, CallAnswer())
    turn.answer.language, turn.answer.slow = turn.language, bool(turn.noted("slow"))
    return turn


def _answer(turn: Turn, *, first: bool) -> None:
    answered_by = turn.params.get("AnsweredBy", "")
    if answered_by:
        turn.call.answered_by = answered_by[:24]
    if answered_by.startswith("machine") or answered_by == "fax":
        _voicemail(turn, answered_by)
    elif _hung_up(turn):
        turn.hang_up()
    elif first:
        _greet(turn)
    elif turn.call.turns > MOST_TURNS or turn.now - turn.call.started_at > LONGEST:
        turn.work("(the call went on)").flag(1, "a call went on and on: call back", "too-long")
        turn.hang_up("voice_goodbye")
    else:
        _turn(turn)


def _hung_up(turn: Turn) -> bool:
    """The carrier may ask once more after the caller has hung up: that is no silence; last words still count."""
    last = turn.params.get("SpeechResult") or turn.params.get("Digits")
    return turn.params.get("CallStatus") in OVER and not last


def _voicemail(turn: Turn, answered_by: str) -> None:
    """Name and number only, once, and only after the tone (HHS FAQ 198): nothing of why we call."""
    if answered_by.startswith("machine_end"):
        turn.say("voice_voicemail")
    turn.hang_up()


def _greet(turn: Turn) -> None:
    """Who we are; then who they are, or a person where nothing of ours is open."""
    conversation = turn.conversation
    open_here = conversation is not None and conversation.status in ("waiting", "new")
    taken = conversation is not None and (
        conversation.taken_by is not None or conversation.status == "handed_over"
    )
    if not turn.inbound and not open_here and not taken:
        turn.hang_up("voice_no_need", "voice_goodbye")
        return
    turn.say("voice_inbound" if turn.inbound else "voice_greeting")
    if taken or not open_here or voice(turn.language) is None:
        to_person(turn, "called us" if turn.inbound else "answered our call")
        return
    turn.say("voice_menu_hint")
    call_identity.ask(turn)


def _turn(turn: Turn) -> None:
    digits, speech = turn.params.get("Digits", "").strip(), turn.params.get("SpeechResult", "").strip()
    if turn.conversation is None or turn.conversation.taken_by is not None:
        to_person(turn, "was on the telephone when a person took over")
    elif digits == "*" and not turn.noted("menu"):
        call_menu.offer(turn)
    elif turn.noted("menu") and not speech:
        call_menu.chosen(turn, digits, _again)
    elif digits == "0" and _asked(turn).context not in KEYED:
        to_person(turn, "pressed 0 for a person")
    elif digits or speech:
        turn.note(menu="")
        _reply(turn, digits, speech)
    elif turn.noted("identified"):
        _go_on(turn, turn.advance(Silence(channel="voice")))
    else:
        call_identity.silent(turn)


def _asked(turn: Turn) -> Expectation:
    """What is open on this call: the date of birth until it is known, then the conversation's question."""
    if not turn.noted("identified"):
        return Expectation("dob")
    conversation = turn.conversation
    if conversation is None or conversation.status != "waiting" or not conversation.prompt:
        return Expectation()
    return Expectation.from_json(conversation.prompt)


def _again(turn: Turn) -> None:
    """Put the open question again."""
    if not turn.noted("identified"):
        call_identity.ask(turn)
        return
    repeat = Reading(None, ("repeat",), Urgency.NONE, False, 1.0)
    _go_on(turn, turn.advance(Reply(repeat, "", channel="voice")))


# -- an answer ---------------------------------------------------------------------------------------------------


def _reply(turn: Turn, digits: str, speech: str) -> None:
    asked = _asked(turn)
    text = digits or speech
    local = turn.now.astimezone(visit_zone(turn.caller.patient, turn.caller.site)).replace(tzinfo=None)
    lesson = turn.kit.lessons.current(turn.session, turn.now)
    limits = lesson.thresholds(turn.conversation.script) if turn.conversation is not None else None
    channel = "sms" if digits else "speech"
    reading = read(
        text, asked, turn.language, local, channel=channel, thresholds=limits, additions=lesson.additions
    )
    heard = _confidence(turn.params) if speech else 1.0
    unheard = heard < HEARD and reading.urgency < Urgency.URGENT
    if heard < CLEARLY:
        reading = replace(reading, confidence=min(reading.confidence, heard))
    if unheard and asked.context not in OWN_WORDS:
        reading = replace(reading, answer=None, intents=(), confidence=0.0, flag=False)
    work = _kept(turn, asked, text, reading, digits=bool(digits))
    if _caught(turn, work) or _asks_of_call(turn, work, speech):
        return
    if asked.context == "dob" and not turn.noted("identified"):
        _identify(turn, work, digits, unheard=unheard)
        return
    # A key is nobody's own words: the question is put again.
    words = "" if digits and asked.context == "open_text" else text
    _go_on(turn, turn.advance(Reply(reading, words, channel="voice"), work))


def _confidence(params: Mapping[str, str]) -> float:
    """How sure the carrier is of the words it heard, 0 to 1; 1 where it does not tell."""
    try:
        return float(params.get("Confidence", "1") or 1)
    except ValueError:
        return 1.0


def _kept(turn: Turn, asked: Expectation, text: str, reading: Reading, *, digits: bool) -> Work:
    """Keep what was said; a date of birth leaves no trace, but words that are more than that do."""
    if asked.context != "dob":
        work = turn.work(text, reading)
        work.message.reading = kept(asked, reading)
        arrived(turn.session, work.case, turn.now)
        return work
    telling = not digits and (reading.intents or reading.urgency > Urgency.NONE)
    work = turn.work(
        re.sub(r"\d", "•", text) if telling else SAID_BIRTH_DATE, replace(reading, answer=None, evidence=())
    )
    work.reading = reading
    return work


def _caught(turn: Turn, work: Work) -> bool:
    """The safety net; whether it ended the turn. An emergency gets the fixed words, and a person is paged."""
    finding = safety_net(work.reading)
    if finding is None:
        return False
    flag = work.flag(int(finding.urgency), finding.because)
    if flag is not None and finding.urgency >= Urgency.URGENT:
        turn.answer.flags.append(flag)
    if finding.say:
        _emergency(turn, work, finding)
    return bool(finding.say)


def _emergency(turn: Turn, work: Work, finding: Finding) -> None:
    """The line must be free for 911; but nobody who thinks of suicide is left alone while a person is there."""
    turn.say(finding.say)
    turn.advance(Reply(work.reading, "", channel="voice"), work)
    if finding.say == "safety_988" and can_connect(turn):
        connect(turn)
    else:
        turn.hang_up()


def _asks_of_call(turn: Turn, work: Work, speech: str) -> bool:
    """Whether the words were about the call itself or the wrong person, not an answer."""
    intents = set(work.reading.intents)
    if "opt_out" in intents:
        call_menu.stop_calls(turn, speech or "(no more calls)", "said on a call")
        return True
    if (key := acts.stopped(work, "said so on the telephone")) is not None:
        turn.hang_up(key, "voice_goodbye")
        return True
    if turn.noted("identified"):
        return False
    if "language_switch" in intents and work.reading.language in call_menu.languages(turn):
        call_menu.switch(turn, str(work.reading.language))
    elif PERSON & intents:
        connect(turn)
        return True
    elif "repeat" not in intents:
        return False
    _again(turn)
    return True


def _identify(turn: Turn, work: Work, digits: str, *, unheard: bool) -> None:
    if not call_identity.matches(turn, digits, work.reading):
        call_identity.missed(turn, work, unheard=unheard)
        return
    turn.note(identified=True)
    if turn.conversation is not None:
        turn.conversation.language = turn.language
    turn.say("voice_thanks")
    _go_on(turn, turn.advance(Connected(inbound=turn.inbound, identified=True, channel="voice")))


def _go_on(turn: Turn, outcome: Outcome) -> None:
    """Say what the turn gave, then listen, hang up, or bring in a person; never a silence."""
    answer = turn.answer
    answer.said += as_said(outcome.spoken)
    last = outcome.spoken[-1] if outcome.spoken else None
    if not outcome.moved:
        to_person(turn, "was on the telephone when a person took over")
    elif outcome.hang_up:
        turn.hang_up()
    elif outcome.to_person or last is None or not last.listening:
        connect(turn)
    else:
        turn.listen(last.context)
        answer.hints, answer.language = last.hints, last.language
