"""Instructions said back, figures of speech with their cause, and the dangers that look like them."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Reading, Urgency, read

TAUGHT = {
    "en": "Do you understand your discharge instructions? Reply YES or NO.",
    "es": "¿Entiende sus instrucciones del alta? Responda SÍ o NO.",
}
BREATH = {
    "en": "Are you having any trouble breathing? Reply YES or NO.",
    "es": "¿Tiene dificultad para respirar? Responda SÍ o NO.",
}


def _read(language: str, text: str, prompt: str = "", context: str = "open_text") -> Reading:
    return read(text, Expectation(context, prompt, ()), language, None)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes, call 911 for chest pain or trouble breathing, got it"),
        ("en", "yes they told me come back if my face droops or my arm goes weak"),
        ("en", "yes. call the doctor if it bleeds a lot or fever over 101"),
        ("es", "si, que si sangro mucho vaya a emergencias, entendido"),
        ("es", "si, si me duele el pecho o no puedo respirar llamo al 911, entendido"),
    ],
)
def test_instructions_said_back_tell_of_nothing(language: str, text: str) -> None:
    reading = _read(language, text, TAUGHT[language], "yes_no")
    assert reading.answer == "yes"
    assert reading.urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "yes, and I have chest pain"),
        ("en", "yes, call 911 for chest pain, and I have chest pain"),
        ("en", "call 911 if you can, i cant breathe"),
        ("en", "please call 911 for me, chest pain"),
        ("es", "llamen al 911 si pueden, no puedo respirar"),
        ("es", "si, y me duele mucho el pecho y me baja al brazo"),
        ("es", "si, llamar al 911 si me duele el pecho y ahorita me duele el pecho muy fuerte"),
    ],
)
def test_what_is_told_beside_instructions_counts(language: str, text: str) -> None:
    assert _read(language, text, TAUGHT[language], "yes_no").urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "No. But my face slid down on one side at breakfast and my arm wont lift"),
        ("es", "No. Es que sangro por la nariz hace una hora y no se corta, tomo warfarina"),
    ],
)
def test_a_no_stays_beside_another_danger(language: str, text: str) -> None:
    reading = _read(language, text, BREATH[language], "symptom_yes_no")
    assert (reading.answer, reading.urgency) == ("no", Urgency.EMERGENCY)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "if this squeezing in my chest lets up, its in both arms now"),
        ("en", "unless she gets worse, she's been seizing on and off for ten minutes"),
        ("en", "granny fell down the steps and theres clear fluid coming out her ear"),
        ("en", "one pupil's way bigger than the other since the fall"),
        ("en", "the 2yr old got into them and ate a handful of the blue ones"),
        ("en", "she took all her antidepressants come quick this is her mom"),
        ("en", "wasp got me and my throat feels scratchy and tight"),
        ("en", "my husband is smothering me with a pillow help"),
        ("es", "le sale agua clara del oido desde el golpe"),
        ("es", "mi nieta agarro las azules del abuelo y se comio como 6"),
        ("es", "lo acaban de apuñalar"),
        ("es", "mi marido me quiere matar"),
        ("es", "mi bebe duerme como muerto y no despierta"),
    ],
)
def test_dangers_in_these_words(language: str, text: str) -> None:
    assert _read(language, text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "wife is smothering me with kindness"),
        ("en", "neighbors are drowning us in casseroles"),
        ("en", "my mother passed out at the thought of another copay"),
        ("en", "not one drop of blood"),
        ("en", "that was back in 2009 when I tried to hurt myself, I'm in a good place now"),
        ("es", "mi suegra me quiere matar con tanto caldo"),
        ("es", "mis nietos me ahogan a besos"),
        ("es", "el partido casi me da un infarto"),
        ("es", "la embolia me dejo el brazo debil en mayo pero ya va mejor"),
        ("es", "en el hospital traia el azucar en 42 pero hoy 110"),
        ("es", "lo apretado del pecho se fue con el stent"),
        ("es", "cuando llamo al 911 y cuando a ustedes"),
    ],
)
def test_no_danger_in_these_words(language: str, text: str) -> None:
    assert _read(language, text).urgency < Urgency.EMERGENCY
