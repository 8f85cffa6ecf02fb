"""TwiML: valid XML within the carrier's limits, whatever is to be said."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.channels.twiml import LONGEST_SAY, Listening, Twiml, TwimlError, Voice, parts
from app.i18n.speech import VOICES
from app.sandbox.twiml import parse_voice

JOANNA = Voice("Polly.Joanna-Neural", "en-US")
BASIC = Voice("alice", "en-US")
# Say's words come back from the tree: what XML cannot hold is gone, the rest is there.
ANYTHING = st.text(st.characters(), max_size=200)


def built(twiml: Twiml) -> Any:
    """The document as the carrier reads it; nothing a validator would warn about."""
    document = parse_voice(twiml.xml().encode())
    assert document.problems == ()
    return document.verbs


def test_a_question() -> None:
    twiml = Twiml()
    listening = Listening("en-US", 1, ("yes, of course", "no", "no", ""))
    twiml.listen([("How are you?", JOANNA)], listening, "https://x.example/voice?turn=1")
    (gather,) = built(twiml)
    assert gather.attrib == {
        "input": "dtmf speech",
        "action": "https://x.example/voice?turn=1",
        "method": "POST",
        "timeout": "6",
        "numDigits": "1",
        "finishOnKey": "#",
        "actionOnEmptyResult": "true",
        "language": "en-US",
        "hints": "yes  of course, no",
        "speechTimeout": "3",
        "profanityFilter": "false",
    }
    assert gather[0].text == "How are you?"


def test_keys_alone_where_nobody_understands_the_language() -> None:
    twiml = Twiml()
    twiml.listen([], Listening("ht", None, ("wi",), speech=False), "https://x.example/v")
    (gather,) = built(twiml)
    assert gather.attrib["input"] == "dtmf"
    assert not {"hints", "language", "numDigits", "speechTimeout"} & set(gather.attrib)


def test_the_other_verbs() -> None:
    twiml = Twiml()
    twiml.say("One moment.", JOANNA)
    twiml.play("https://x.example/ht.mp3")
    twiml.pause(2)
    twiml.dial(
        "+13125550100",
        action="https://x.example/done",
        whisper="https://x.example/w",
        caller_id="+13125550101",
    )
    twiml.redirect("https://x.example/next")
    twiml.hang_up()
    verbs = built(twiml)
    assert [verb.tag for verb in verbs] == ["Say", "Play", "Pause", "Dial", "Redirect", "Hangup"]
    assert verbs[3][0].attrib == {"url": "https://x.example/w", "method": "POST"}
    assert verbs[3].attrib["callerId"] == "+13125550101"


@pytest.mark.parametrize("name", ["Polly.Joanna-Neural", "Google.vi-VN-Standard-A"])
def test_slower_by_the_voice(name: str) -> None:
    twiml = Twiml()
    twiml.say("One. Two.", Voice(name, "en-US"), slow=True)
    (say,) = built(twiml)
    assert (say[0].tag, say[0].attrib, say[0].text) == ("prosody", {"rate": "80%"}, "One. Two.")


@pytest.mark.parametrize("name", ["alice", "Polly.Joanna-Generative", "Google.en-US-Chirp3-HD-Aoede"])
def test_slower_by_pauses(name: str) -> None:
    twiml = Twiml()
    twiml.say("One. Two! 三。四？", Voice(name, "en-US"), slow=True)
    assert [verb.tag for verb in built(twiml)] == ["Say", "Pause", "Say", "Pause", "Say", "Pause", "Say"]


def test_slower_inside_a_question() -> None:
    twiml = Twiml()
    twiml.listen([("One. Two.", BASIC)], Listening("en-US"), "https://x.example/v", slow=True)
    assert [child.tag for child in built(twiml)[0]] == ["Say", "Pause", "Say"]


def test_nothing_to_say_says_nothing() -> None:
    twiml = Twiml()
    twiml.say(" \x00 ", JOANNA)
    twiml.hang_up()
    assert [verb.tag for verb in built(twiml)] == ["Hangup"]


def test_unknown_attributes_are_impossible() -> None:
    with pytest.raises(TypeError):
        Twiml().say("x", JOANNA, volume="loud")  # type: ignore[call-arg]  # that is the point
    with pytest.raises(TypeError):
        Listening("en-US", numdigits=1)  # type: ignore[call-arg]  # that is the point


def test_too_much_is_refused_here_not_at_the_carrier() -> None:
    twiml = Twiml()
    twiml.say("word " * 20_000, JOANNA)
    with pytest.raises(TwimlError):
        twiml.xml()


@given(ANYTHING, ANYTHING, st.booleans(), st.sampled_from([JOANNA, BASIC]))
def test_whatever_is_said_is_xml(words: str, hint: str, slow: bool, voice: Voice) -> None:
    twiml = Twiml()
    twiml.listen([(words, voice)], Listening("en-US", 1, (hint,)), "https://x.example/v", slow=slow)
    twiml.say(words, voice, slow=slow)
    twiml.hang_up()
    fromstring(twiml.xml())
    built(twiml)


@given(st.text(st.sampled_from("ab .!?。é👋\n"), max_size=300), st.integers(5, 40))
def test_long_texts_are_cut_and_whole(words: str, longest: int) -> None:
    cut = parts(words, longest)
    assert all(0 < len(part) <= longest for part in cut)
    assert "".join("".join(cut).split()) == "".join(words.split())


def test_a_long_text_is_several_says() -> None:
    twiml = Twiml()
    twiml.say("This is a sentence. " * 500, JOANNA)
    says = built(twiml)
    assert len(says) == 3
    assert all(len(say.text) <= LONGEST_SAY for say in says)


def test_every_language_we_speak_has_a_voice_that_changes_pace() -> None:
    assert all(Voice(voice.say_voice, voice.say_language).changes_pace for voice in VOICES.values())
