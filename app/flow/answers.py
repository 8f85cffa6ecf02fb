"""What a reply does to a conversation: requests first, then the answer to the open question."""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest
from typing import Any, Final

from app.flow import builtin
from app.flow.conditions import is_comparison, matches
from app.flow.effects import (
    BookSlot,
    Choice,
    HangUp,
    OpenBarrier,
    RaiseFlag,
    Record,
    ReleaseSlots,
    SwitchLanguage,
    Text,
)
from app.flow.events import Reply
from app.flow.run import IDENTITY, YES_NO, Run, choices_of
from app.flow.schema import FlagRule, Step
from app.flow.state import Doubt, Question
from app.i18n import LANGUAGES
from app.understanding import Urgency

NONE_FIT: Final = builtin.text("none_fit")
TRIES: Final = 2
IDENTITY_MISSES: Final = 3
SURE_ENOUGH: Final = 0.5
CERTAIN: Final = 0.7
"""Between these two an answer is said back and counts only when the patient agrees."""
SAID_BACK: Final = frozenset(
    {"yes_no", "symptom_yes_no", "scale_0_10", "confirm_appointment", "choose_number", "choose_slot"}
)
SPEECH_ACTS: Final = frozenset({"thanks"})
PERSON_INTENTS: Final = frozenset({"wants_human", "call_me_back"})
NO_TEXTS: Final = "writes in a language this practice has no texts in: find an interpreter"
BARRIER_INTENTS: Final = {
    "cost_barrier": ("cost",),
    "insurance_barrier": ("insurance", "cost"),
    "transport_barrier": ("transport",),
}


def reply(run: Run, event: Reply) -> None:
    """Move on from what the patient answered.

    The safety net has already run; flags for danger are not raised twice.
    """
    reading = event.reading
    if reading.urgency >= Urgency.EMERGENCY:
        run.hand_over("emergency", "possible emergency")
        return
    _offer_language(run, event)
    if run.state.status == "sleeping":
        _unprompted(run, event)
    elif run.state.status == "waiting" and run.state.question is not None:
        run.state.silent_check_ins = 0
        _to_question(run, run.state.question, event)


def _offer_language(run: Run, event: Reply) -> None:
    """Who plainly writes in another language is told once, in that language, how to go on in it."""
    spoken, intents = event.reading.language, set(event.reading.intents)
    if run.voice or spoken not in LANGUAGES or spoken in run.state.offered or "language_switch" in intents:
        return
    run.state.offered.append(spoken)
    if _has_texts_in(run, spoken):
        run.texts.append(Text("builtin/language_offer", builtin.TEXTS["language_offer"], language=spoken))
    else:
        run.effects.append(RaiseFlag("routine", NO_TEXTS, run.state.step))


def _has_texts_in(run: Run, language: str) -> bool:
    return language in (run.event.facts.get("practice.languages") or ())


def _unprompted(run: Run, event: Reply) -> None:
    """Between check-ins: nobody asked, so a person looks, unless it only says thanks."""
    if not event.has_media and event.reading.intents and set(event.reading.intents) <= SPEECH_ACTS:
        return
    run.effects.append(RaiseFlag("routine", "wrote between check-ins", run.state.step))
    if PERSON_INTENTS & set(event.reading.intents):
        to_person(run, "asks for a person")
        return
    run.builtin("to_person")
    run.flush()


def to_person(run: Run, because: str) -> None:
    """Say that a person follows, and hand over.

    On a call whoever holds it knows whether somebody is there now, and says so.
    """
    if not run.voice:
        run.builtin("to_person")
    run.hand_over("routine", because)


def _to_question(run: Run, question: Question, event: Reply) -> None:
    reading = event.reading
    intents = set(reading.intents)
    if event.crossed:
        if not intents <= SPEECH_ACTS or reading.answer is not None or not intents:
            because = "wrote again before seeing the next question"
            run.effects.append(RaiseFlag("routine", because, question.step))
        if reading.answer is not None:
            # It may have been meant for this question by quick fingers: silence would leave them waiting.
            repeat_question(run, field="again")
        return
    if "language_switch" in intents and reading.answer is None and reading.language:
        _switch(run, reading.language)
    elif PERSON_INTENTS & intents:
        _keep_answer(run, question, reading.answer)
        to_person(run, "asks for a person")
    elif "repeat" in intents and reading.answer is None:
        repeat_question(run)
    elif question.context == "dob":
        _identify(run, event)
    elif question.doubt is not None:
        _said_back(run, question, question.doubt, event)
    else:
        _answer(run, question, event)


def _switch(run: Run, language: str) -> None:
    if not _has_texts_in(run, language):
        run.effects.append(RaiseFlag("routine", NO_TEXTS, run.state.step))
        to_person(run, "asks for another language")
        return
    run.effects.append(SwitchLanguage(language))
    run.builtin("language_switched")
    repeat_question(run)


def _keep_answer(run: Run, question: Question, answer: Any) -> None:
    """Record what was answered beside a request for a person, without walking on; what was said back, if agreed to."""
    node = run.script.steps.get(question.step)
    if question.doubt is not None:
        agreed, value = answer == "yes", question.doubt.value
        question.restore()
        value = value if agreed else None
    else:
        value = value_of(question, answer, "") if answer is not None else None
    if node is not None and value is not None and question.context != "choose_slot":
        _record(run, question.step, node, value)
        _flag(run, question.step, node, value)


def _identify(run: Run, event: Reply) -> None:
    answer = event.reading.answer
    expected = str(run.event.facts.get("patient.birth_date") or "")
    if answer is not None and expected and compare_digest(str(answer).encode(), expected.encode()):
        following, run.state.pending_step = run.state.pending_step, ""
        run.state.verified, run.state.question = True, None
        run.go(following or None)
        return
    run.state.identity_misses += 1
    if run.state.identity_misses >= IDENTITY_MISSES:
        run.builtin("identity_failed")
        run.state.question = None
        run.hand_over("routine", "identity not confirmed")
        if run.voice:
            run.effects.append(HangUp())
    elif answer is None and (event.reading.flag or "question" in event.reading.intents):
        if not event.reading.flag:
            run.effects.append(RaiseFlag("routine", "asks something before identity is confirmed", IDENTITY))
        run.builtin("to_person")
        run.ask_identity("identity")
    else:
        run.ask_identity("identity_again")


def _answer(run: Run, question: Question, event: Reply) -> None:
    reading = event.reading
    node = run.script.steps.get(question.step)
    if node is None:
        to_person(run, "answered a question that is not in the script")
        return
    value = value_of(question, reading.answer, event.text)
    unsure = question.context != "open_text" and reading.confidence < SURE_ENOUGH
    if value is None or unsure:
        value = _named_barrier(node, reading.intents)
    if value is None:
        _not_an_answer(run, question, event)
    elif SURE_ENOUGH <= reading.confidence < CERTAIN and question.context in SAID_BACK:
        _say_back(run, question, value)
    else:
        _take(run, question, node, value)


def _take(run: Run, question: Question, node: Step, value: Any) -> None:
    """Go on with an answer that is certain."""
    if question.context == "choose_slot":
        _slot(run, question, node, value)
    else:
        run.state.question = None
        _record(run, question.step, node, value)
        _flag(run, question.step, node, value)
        if question.context == "language_choice":
            run.effects.append(SwitchLanguage(str(value)))
        _onward(run, node, value)


def _say_back(run: Run, question: Question, value: Any) -> None:
    """Put a doubtful answer to the patient before anything is done with it."""
    start = next((start for _key, meant, start in question.options if meant == value and start), "")
    label = _label(run, question, value)
    question.doubt = Doubt(value, question.context, [list(option) for option in question.options])
    question.context = "yes_no"
    run.builtin("say_back_time" if start else "say_back")
    values: tuple[tuple[str, str | Text], ...] = (("slot.start", start),) if start else (("answer", label),)
    run.open(question.step, "yes_no", YES_NO, values=values)


def _label(run: Run, question: Question, value: Any) -> str | Text:
    """An answer in the words it was offered in; a number as it is."""
    if question.context == "choose_slot":
        return NONE_FIT
    choices, _context = choices_of(run.script, question.step)
    return next((choice.label for choice in choices if choice.value == value and choice.label), str(value))


def _said_back(run: Run, question: Question, doubt: Doubt, event: Reply) -> None:
    """They agreed, or the question is put again as it was."""
    question.restore()
    node = run.script.steps.get(question.step)
    if event.reading.answer == "yes" and node is not None:
        _take(run, question, node, doubt.value)
    else:
        _not_an_answer(run, question, event)


def value_of(question: Question, answer: Any, text: str) -> Any:
    """The script's value for a reading's answer: a choice's name, a slot id, a number, own words; None if it
    is none."""
    if question.context == "open_text":
        return text.strip() or None
    if answer is None or not question.options:
        return answer
    for key, value, _start in question.options:
        if str(answer) in (key, value):
            return value
    return None


def _named_barrier(node: Step, intents: tuple[str, ...]) -> str | None:
    """The offered barrier that a reply names in words of its own ("too expensive"); None unless it is one alone."""
    if node.record != "barrier" or not node.choices:
        return None
    meant = [[one for one in BARRIER_INTENTS.get(intent, ()) if one in node.choices] for intent in intents]
    named = {found[0] for found in meant if found}
    return named.pop() if len(named) == 1 else None


def _slot(run: Run, question: Question, node: Step, value: str) -> None:
    run.state.question = None
    if value == "none_of_these" or value == "cancel":
        run.effects.append(ReleaseSlots())
        run.go_on(node, "none_fit", because="none of the offered times fits")
    else:
        run.state.slot_start = next((start for _key, slot, start in question.options if slot == value), "")
        run.effects.append(BookSlot(value, run.state.step))


def _record(run: Run, name: str, node: Step, value: Any) -> None:
    key = node.record or name
    rank, worst = _rank(node, value)
    entry = {"value": value, "rank": rank, "worst": worst, "at": run.now.isoformat(), "step": name}
    run.state.answers.setdefault(key, []).append(entry)
    run.effects.append(Record(key, value, name))
    if node.record == "barrier":
        run.effects.append(OpenBarrier(str(value)))


def _rank(node: Step, value: Any) -> tuple[float | None, bool]:
    """Where an ordered answer stands from good (0) to bad, and whether it is the worst there is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), False
    if node.ordered and node.choices and value in node.choices:
        place = list(node.choices).index(value)
        return float(place), place == len(node.choices) - 1
    return None, False


def _flag(run: Run, name: str, node: Step, value: Any) -> None:
    rule = next((r for wanted, r in node.flags.items() if wanted_matches(wanted, value)), node.flag)
    if isinstance(rule, FlagRule):
        run.effects.append(RaiseFlag(rule.urgency, rule.because, name))


def wanted_matches(wanted: str, value: Any) -> bool:
    """Whether an `on:` or `flags:` key is this answer: its name, or a comparison like ">= 7"."""
    return matches(wanted, value) if is_comparison(wanted) else wanted == str(value)


def _onward(run: Run, node: Step, value: Any) -> None:
    answers = ((wanted, go) for wanted, go in node.on.items() if wanted not in ("silence", "else"))
    following = next((go for wanted, go in answers if wanted_matches(wanted, value)), None)
    run.go(following or node.on.get("else") or node.then)


def _not_an_answer(run: Run, question: Question, event: Reply) -> None:
    """Not understood as an answer: thanks are let be; what a person will see anyway is acknowledged; else
    once more. A call cannot wait in silence: there the question is put again in any case."""
    intents = set(event.reading.intents)
    if intents and intents <= SPEECH_ACTS and not event.has_media:
        if run.voice:
            repeat_question(run)
        return
    flagged = event.reading.flag and bool(intents or event.reading.urgency > Urgency.NONE)
    if event.has_media or flagged or "question" in intents:
        if not flagged:
            run.effects.append(
                RaiseFlag("routine", "asks or sends something a person must see", question.step)
            )
        if not run.voice:
            run.builtin("to_person")
            run.flush(question.step)
            return
        if question.tries + 1 < TRIES:
            run.builtin("to_person")
    question.tries += 1
    if question.tries >= TRIES:
        question.tries = 0
        run.builtin("unclear_to_person")
        run.hand_over("routine", "reply not understood twice")
    else:
        repeat_question(run, key="" if run.texts else "unclear", field="again")


def repeat_question(run: Run, *, nudge: bool = False, key: str = "", field: str = "") -> None:
    """Put the open question again: after a nudge, a call, an unclear reply, a hand-back, or on request."""
    question = run.state.question
    if question is None:
        return
    question.restore()
    if nudge:
        run.builtin("nudge")
    if key:
        run.builtin(key)
    if question.step == IDENTITY:
        run.ask_identity("identity")
    elif question.context == "choose_slot":
        run.texts.append(offer_text(run))
        ask_slots(run, question.step, [(o[1], o[2]) for o in question.options if o[2]])
    else:
        run.ask(question.step, field="again" if nudge else field, nudge=nudge)


def offer_text(run: Run) -> Text:
    """The words that go before a list of offered times."""
    return builtin.text("offer", run.event.channel)


def ask_slots(run: Run, name: str, slots: list[tuple[str, str]]) -> None:
    """Offer these held times (slot id, local start) and `none of these`."""
    run.open(name, "choose_slot", slot_choices(slots))


def slot_choices(slots: Sequence[tuple[str, str]]) -> tuple[Choice, ...]:
    """The choices for these times (slot id, local start), and last that none of them fits."""
    choices = [Choice(str(n), slot_id, None, start) for n, (slot_id, start) in enumerate(slots, start=1)]
    return (*choices, Choice(str(len(slots) + 1), "none_of_these", NONE_FIT))
