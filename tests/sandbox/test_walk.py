"""TwiML executed verb by verb: prompts, keys, words, silence, recordings, second legs, queues, mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.sandbox.outside import LINE, PATIENT, Api
from tests.sandbox.practice import Asked, Practice

VOICE = "/webhooks/twilio/voice"
AGENT = "+13125550170"


@pytest.fixture
def ring_in(api: Api) -> Callable[..., dict[str, Any]]:
    def call(**more: Any) -> dict[str, Any]:
        told: dict[str, Any] = api("POST", "/calls", **{"from": PATIENT, "to": LINE, **more})
        return told

    return call


def doc(*verbs: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'


def gather(action: str = "/turn", more: str = "", say: str = "Choose", kind: str = "dtmf speech") -> str:
    return f"<Gather input='{kind}' action='{action}' {more}><Say>{say}</Say></Gather>"


def said(call: dict[str, Any]) -> list[str]:
    return [line["text"] for line in call["transcript"] if line["kind"] == "say"]


def test_a_patient_calls_in(ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api) -> None:
    practice.answers[VOICE] = doc("<Say voice='Polly.Lupe-Neural' language='es-US'>Hola</Say>", gather())
    call = ring_in()
    (asked,) = practice.at(VOICE)
    assert asked.signed
    assert (asked["Direction"], asked["CallStatus"]) == ("inbound", "ringing")
    assert (asked["From"], asked["To"]) == (PATIENT, LINE)
    assert {"StirVerstat", "CallToken", "CallerCity", "CalledState"} <= set(asked.form)
    first = call["transcript"][0]
    assert (first["text"], first["voice"], first["language"]) == ("Hola", "Polly.Lupe-Neural", "es-US")
    assert call["status"] == "in-progress"
    assert call["awaiting"]["verb"] == "Gather"
    assert call["awaiting"]["input"] == ["dtmf", "speech"]
    over = api("POST", f"/calls/{call['sid']}/hangup")
    assert (over["status"], over["transcript"][-1]["kind"]) == ("completed", "hangup")
    api.settle()
    (status,) = practice.at("/webhooks/twilio/voice-status")
    assert (status["CallStatus"], status.signed) == ("completed", True)


def test_keys_and_words_go_to_the_action(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(gather("/turn?n=1"))
    practice.answers["/turn"] = doc(gather("/turn?n=2", say="Again"))
    sid = ring_in()["sid"]
    api("POST", f"/calls/{sid}/digits", digits="12#")
    told = api("POST", f"/calls/{sid}/speech", text="I feel better", confidence=0.5)
    keys, words = practice.at("/turn")
    assert (keys["Digits"], keys["FinishedOnKey"], keys.query) == ("12", "#", "n=1")
    assert (words["SpeechResult"], words["Confidence"], words.query) == ("I feel better", "0.50000000", "n=2")
    assert keys.signed
    assert words.signed
    assert [r["params"] for r in told["requests"]][1:] == [
        {"Digits": "12", "FinishedOnKey": "#"},
        {"SpeechResult": "I feel better", "Confidence": "0.50000000", "Language": "en-US"},
    ]


def test_how_many_keys_are_wanted(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(gather(more="numDigits='2' timeout='4' finishOnKey=''"))
    sid = ring_in()["sid"]
    api("POST", f"/calls/{sid}/digits", digits="1", more=True)
    assert practice.at("/turn") == []
    api("POST", f"/calls/{sid}/digits", digits="#", more=True)
    assert practice.at("/turn")[0]["Digits"] == "1#"


def test_keys_typed_slowly_count_when_the_time_is_up(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(gather(more="timeout='4'"))
    sid = ring_in()["sid"]
    for key in "031":
        api("POST", f"/calls/{sid}/digits", digits=key, more=True)
        api("POST", "/advance", seconds=3)
    assert practice.at("/turn") == []
    api("POST", "/advance", seconds=5)
    assert practice.at("/turn")[0]["Digits"] == "031"


def test_silence_falls_through_or_is_told(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(gather(), gather("/empty", "actionOnEmptyResult='true'"), "<Say>no</Say>")
    practice.answers["/empty"] = doc("<Say>Goodbye</Say>")
    sid = ring_in()["sid"]
    again = api("POST", f"/calls/{sid}/silence")
    assert again["awaiting"]["action"] == "/empty"
    over = api("POST", f"/calls/{sid}/silence")
    assert practice.at("/turn") == []
    (asked,) = practice.at("/empty")
    assert (asked["Digits"], asked["SpeechResult"]) == ("", "")
    assert said(over)[-1] == "Goodbye"
    assert over["status"] == "completed"


def test_without_an_action_the_same_address_is_asked(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = [doc("<Gather><Say>One</Say></Gather>"), doc("<Say>Done</Say>")]
    sid = ring_in()["sid"]
    api("POST", f"/calls/{sid}/digits", digits="7")
    assert [asked.form.get("Digits") for asked in practice.at(VOICE)] == [None, "7"]


def test_nobody_listens(ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api) -> None:
    practice.answers[VOICE] = doc(gather(kind="dtmf"))
    sid = ring_in()["sid"]
    told = api("POST", f"/calls/{sid}/speech", text="hello?")
    assert told["transcript"][-1]["heard"] is False
    assert told["awaiting"]["verb"] == "Gather"
    assert api("POST", f"/calls/{sid}/digits", expect=400, digits="x")["code"] == 20001


def test_play_pause_redirect_and_hang_up(ring_in: Callable[..., dict[str, Any]], practice: Practice) -> None:
    practice.answers[VOICE] = doc("<Play>/audio/ht.mp3</Play><Pause length='2'/><Redirect>/two</Redirect>")
    practice.answers["/two"] = doc("<Say>Bye</Say><Hangup/><Say>never</Say>")
    call = ring_in()
    assert [line["kind"] for line in call["transcript"]] == ["play", "pause", "say", "hangup"]
    assert call["transcript"][0]["url"] == f"{practice.origin}/audio/ht.mp3"
    assert call["status"] == "completed"


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_rejecting(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, reason: str, status: str
) -> None:
    practice.answers[VOICE] = doc(f"<Reject reason='{reason}'/>")
    call = ring_in()
    assert (call["status"], call["duration"]) == (status, 0)


def test_a_recording(ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api) -> None:
    practice.answers[VOICE] = doc("<Record action='/recorded' maxLength='60'/><Say>Nothing heard</Say>")
    sid = ring_in()["sid"]
    api("POST", f"/calls/{sid}/speech", text="please call me back")
    api("POST", f"/calls/{sid}/digits", digits="#")
    (asked,) = practice.at("/recorded")
    assert asked["RecordingUrl"].endswith(asked["RecordingSid"])
    assert (asked["Digits"], int(asked["RecordingDuration"]) > 0) == ("#", True)
    silent = api("POST", f"/calls/{ring_in()['sid']}/silence")
    assert said(silent) == ["Nothing heard"]
    hung = ring_in()["sid"]
    api("POST", f"/calls/{hung}/speech", text="bye")
    api("POST", f"/calls/{hung}/hangup")
    assert practice.at("/recorded")[-1]["Digits"] == "hangup"


def test_a_second_leg_hears_a_whisper_first(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(
        f"<Dial action='/dialled' timeout='20'><Number url='/whisper'>{AGENT}</Number></Dial>"
    )
    practice.answers["/whisper"] = doc("<Gather action='/accept' numDigits='1'><Say>A patient</Say></Gather>")
    practice.answers["/accept"] = doc()
    practice.answers["/dialled"] = doc("<Say>Thank you</Say>")
    call = ring_in()
    assert call["awaiting"]["verb"] == "Dial"
    child = call["awaiting"]["call"]
    api.settle()
    leg = api("POST", f"/calls/{child}/answer")
    assert (leg["direction"], leg["parent"], leg["to"]) == ("outbound-dial", call["sid"], AGENT)
    assert practice.at("/whisper")[0]["ParentCallSid"] == call["sid"]
    assert api("GET", f"/calls/{call['sid']}")["awaiting"]["bridged"] is False
    api("POST", f"/calls/{child}/digits", digits="1")
    assert api("GET", f"/calls/{call['sid']}")["awaiting"]["bridged"] is True
    api("POST", f"/calls/{call['sid']}/speech", text="my knee hurts")
    assert api("GET", f"/calls/{child}")["transcript"][-1]["text"] == "my knee hurts"
    api("POST", f"/calls/{child}/hangup")
    (asked,) = practice.at("/dialled")
    assert (asked["DialCallStatus"], asked["DialCallSid"]) == ("completed", child)
    after = api("GET", f"/calls/{call['sid']}")
    assert (said(after), after["status"]) == (["Thank you"], "completed")


@pytest.mark.parametrize(("rule", "status"), [("busy", "busy"), ("no_answer", "no-answer")])
def test_a_second_leg_nobody_takes(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api, rule: str, status: str
) -> None:
    practice.answers[VOICE] = doc(f"<Dial action='/dialled'>{AGENT}</Dial>")
    practice.answers["/dialled"] = doc("<Say>Nobody is free</Say>")
    api("PUT", f"/phones/{AGENT}", answers=rule)
    sid = ring_in()["sid"]
    api.settle()
    assert practice.at("/dialled")[0]["DialCallStatus"] == status
    assert api("GET", f"/calls/{sid}")["status"] == "completed"


def test_hanging_up_ends_the_second_leg(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc(f"<Dial><Number>{AGENT}</Number></Dial>")
    call = ring_in()
    api.settle()
    api("POST", f"/calls/{call['sid']}/hangup")
    assert api("GET", f"/calls/{call['awaiting']['call']}")["status"] == "canceled"


def test_a_queue_with_its_waiting_document(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    practice.answers[VOICE] = doc("<Enqueue action='/left' waitUrl='/wait'>nurses</Enqueue><Say>After</Say>")
    practice.answers["/wait"] = [doc("<Say>Please wait</Say>"), doc("<Leave/>")]
    practice.answers["/left"] = doc("<Say>Goodbye</Say>")
    call = ring_in()
    assert (call["awaiting"]["verb"], call["awaiting"]["queue"]) == ("Enqueue", "nurses")
    over = api("POST", f"/calls/{call['sid']}/silence")
    assert practice.at("/left")[0]["QueueResult"] == "leave"
    assert (said(over), over["status"]) == (["Please wait", "Goodbye"], "completed")
    practice.answers["/wait"] = doc("<Say>Please wait</Say>")
    api("POST", f"/calls/{ring_in()['sid']}/hangup")
    assert practice.at("/left")[1]["QueueResult"] == "hangup"


def test_the_one_who_waits_longest_is_taken(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    queue = doc("<Enqueue action='/left'>nurses</Enqueue>")

    def voice(asked: Asked) -> str:
        return doc("<Dial><Queue>nurses</Queue></Dial>") if asked["From"] == AGENT else queue

    practice.answers[VOICE] = voice
    practice.answers["/left"] = doc("<Say>Bye</Say>")
    first, second = ring_in(), ring_in(**{"from": "+17735550127"})
    nurse = ring_in(**{"from": AGENT})
    assert nurse["awaiting"]["call"] == first["sid"]
    api("POST", f"/calls/{nurse['sid']}/hangup")
    assert practice.at("/left")[0]["QueueResult"] == "bridged"
    assert api("GET", f"/calls/{first['sid']}")["status"] == "completed"
    assert api("GET", f"/calls/{second['sid']}")["awaiting"]["verb"] == "Enqueue"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, ""), 11200),
        ((200, "plain", "text/plain"), 12300),
        ("<Response><Say>a & b</Say></Response>", 12100),
        ("<Response><Say>\x0b</Say></Response>", 12100),
        ("<!DOCTYPE x><Response/>", 12100),
        ("<Answer/>", 12100),
        ("", 12100),
        ("<Response>" + " " * 65536 + "</Response>", 11750),
    ],
)
def test_a_document_that_cannot_be_used_ends_the_call_with_an_apology(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, answer: Any, code: int
) -> None:
    practice.answers[VOICE] = answer
    call = ring_in()
    assert [f["code"] for f in call["failures"]] == [code]
    assert said(call) == ["We are sorry, an application error has occurred. Goodbye."]
    assert call["over"]


@pytest.mark.parametrize(
    ("verbs", "words"),
    [
        ("<Sayy>x</Sayy>", "Sayy does not belong in Response"),
        ("<Gather><Redirect>/x</Redirect></Gather>", "Redirect does not belong in Gather"),
        ("<Say speed='fast'>x</Say>", "Say has no attribute speed"),
        ("<Gather num_digits='1'/>", "Gather has no attribute num_digits"),
        ("<Gather numDigits='one'/>", "Gather numDigits='one' is no whole number"),
        ("<Gather input='keys'/>", "Gather input='keys' is neither dtmf nor speech"),
        ("<Gather finishOnKey='##'/>", "Gather finishOnKey is one key"),
        ("<Gather speechTimeout='auto' speechModel='default'/>", "13335"),
        ("<Say></Say>", "Say without words"),
        ("<Say>" + "x" * 4097 + "</Say>", "Say speaks at most 4096 characters"),
        ("<Play/>", "Play without a URL"),
        ("words", "words outside a verb are not spoken"),
        ("<Say>x</Say><Reject/>", "Reject only works as the first verb"),
        ("<Connect/>", "the sandbox does not simulate Connect"),
    ],
)
def test_smaller_mistakes_are_recorded(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, verbs: str, words: str
) -> None:
    practice.answers[VOICE] = doc(verbs)
    call = ring_in()
    assert any(words in failure["message"] for failure in call["failures"]), call["failures"]
    assert {failure["code"] for failure in call["failures"]} == {12200}


def test_a_loop_without_the_patient_ends(ring_in: Callable[..., dict[str, Any]], practice: Practice) -> None:
    practice.answers[VOICE] = doc("<Say>Round</Say><Redirect/>").replace(
        "<Redirect/>", f"<Redirect>{VOICE}</Redirect>"
    )
    call = ring_in()
    assert call["over"]
    assert "loop" in call["failures"][0]["message"]
    assert len(practice.at(VOICE)) == 25


def test_the_fallback_document(ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api) -> None:
    api("PUT", f"/numbers/{LINE}", voice_fallback_url=f"{practice.origin}/fallback")
    practice.answers[VOICE] = (503, "")
    practice.answers["/fallback"] = doc("<Say>Please call again</Say>")
    call = ring_in()
    assert said(call) == ["Please call again"]
    assert practice.at("/fallback")[0]["ErrorCode"] == "11200"


def test_what_the_sdk_writes_is_without_fault(
    ring_in: Callable[..., dict[str, Any]], practice: Practice
) -> None:
    response = VoiceResponse()
    part = Gather(
        input="dtmf speech",
        action="/turn?attempt=1",
        num_digits=1,
        timeout=6,
        speech_timeout="auto",
        language="es-US",
        hints="uno, dos",
        action_on_empty_result=True,
        finish_on_key="",
    )
    part.say("¿Se siente mejor? <uno> & dos", voice="Polly.Lupe-Neural", language="es-US")
    part.pause(length=1)
    response.append(part)
    response.redirect("/turn", method="POST")
    practice.answers[VOICE] = str(response)
    call = ring_in()
    assert call["failures"] == []
    assert said(call) == ["¿Se siente mejor? <uno> & dos"]
    assert call["awaiting"]["action_on_empty_result"] is True


def test_hanging_up_while_the_practice_is_answering(
    ring_in: Callable[..., dict[str, Any]], practice: Practice, api: Api
) -> None:
    def late(asked: Asked) -> str:
        assert api("POST", f"/calls/{asked['CallSid']}/hangup")["over"]
        return doc("<Say>Too late</Say>")

    practice.answers[VOICE] = doc(gather())
    practice.answers["/turn"] = late
    sid = ring_in()["sid"]
    told = Api(api.origin)("POST", f"/calls/{sid}/digits", digits="1")
    assert said(told) == ["Choose"]
    assert told["over"]
