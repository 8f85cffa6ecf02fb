"""What a caller may ask of a call itself: again, slower, another language, no more calls, a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.consent.ledger import opt_out
from app.i18n import OWN_NAMES
from app.i18n.speech import voice
from app.inbound.call_person import to_person
from app.inbound.call_turn import Said, Turn
from app.understanding import Reading, Urgency

MENU: Final = {"1": "repeat", "2": "slower", "3": "language", "9": "stop", "0": "person"}
LANGUAGE_KEYS: Final = 8
Again = Callable[[Turn], None]


def offer(turn: Turn) -> None:
    """Say the menu that the star key opens."""
    turn.note(menu="main")
    turn.say("voice_menu")
    turn.listen("menu")


def chosen(turn: Turn, digits: str, again: Again) -> None:
    """Do what was pressed in a menu; anything else puts the question again."""
    menu = turn.noted("menu")
    turn.note(menu="")
    if menu == "language" and digits != "0":
        offered = languages(turn)
        if digits in [str(n) for n in range(1, len(offered) + 1)]:
            switch(turn, offered[int(digits) - 1])
        again(turn)
        return
    match MENU.get(digits):
        case "slower":
            turn.note(slow=True)
            turn.answer.slow = True
            again(turn)
        case "language":
            _other_language(turn, again)
        case "stop":
            stop_calls(turn, "(pressed 9: no more calls)", "key 9 on a call")
        case "person":
            to_person(turn, "pressed 0 for a person")
        case _:
            again(turn)


def languages(turn: Turn) -> list[str]:
    """The practice's languages that a voice speaks, in its order."""
    return [code for code in turn.caller.site.languages if voice(code)][:LANGUAGE_KEYS]


def switch(turn: Turn, language: str) -> None:
    """Hold the call in this language from now on; once we know who it is, the conversation too."""
    turn.note(language=language)
    turn.answer.language = language
    if turn.noted("identified") and turn.conversation is not None:
        turn.conversation.language = language


def _other_language(turn: Turn, again: Again) -> None:
    """With two languages it is the other one; with more, each is offered by its own voice."""
    offered = languages(turn)
    others = [code for code in offered if code != turn.language]
    if len(others) < 2:
        for language in others:
            switch(turn, language)
        again(turn)
        return
    turn.note(menu="language")
    for key, language in enumerate(offered, start=1):
        turn.add(_invitation(turn, language, key))
    turn.listen("menu")


def _invitation(turn: Turn, language: str, key: int) -> Said:
    said = turn.words("voice_language", language, {"key": str(key)})
    # Words nobody translated would invite to English: the language's own name and the key say enough.
    return said if said.language == language else Said(f"{OWN_NAMES[language]}: {key}.", language)


def stop_calls(turn: Turn, words: str, source: str) -> None:
    """End our calls to this number (47 CFR 64.1200(a)(9)); a person still sees the case."""
    opt_out(
        turn.session,
        number=turn.caller.number,
        patient_id=turn.caller.patient.id if turn.caller.patient else None,
        channel="voice",
        source=source,
        words=words,
        sid=turn.call.carrier_sid,
        now=turn.now,
    )
    reading = Reading(None, ("opt_out",), Urgency.NONE, True, 1.0)
    turn.work(words, reading).flag(1, "wants no more calls", "stop")
    turn.hang_up("voice_opted_out", "voice_goodbye")
