"""A no said twice, "nothing of", a figure of speech and a grief named beside the answer are read as meant."""

import pytest

from app.understanding import Expectation, Urgency, read

CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."


@pytest.mark.parametrize(
    ("language", "question", "text", "answer", "least", "most"),
    [
        ("es", CHEST, "no no me duele el pecho", "no", "none", "none"),
        ("es", CHEST, "este no no me duele el pecho gracias a dios no", "no", "none", "none"),
        ("es", CHEST, "no no se me quita el dolor del pecho", None, "urgent", "emergency"),
        ("es", CHEST, "no no no me duele nada", "no", "none", "none"),
        ("es", CHEST, "no no puedo respirar", None, "emergency", "emergency"),
        ("es", CHEST, "no no no puedo respirar", None, "emergency", "emergency"),
        ("es", CHEST, "no no para de sangrar", None, "emergency", "emergency"),
        ("pt", CHEST, "não não consigo respirar", None, "emergency", "emergency"),
        ("fr", CHEST, "non non j'arrive pas à respirer", None, "emergency", "emergency"),
        ("en", CHEST, "no no i cant breathe", None, "emergency", "emergency"),
        ("en", CHEST, "no no no chest pain", "no", "none", "none"),
        ("es", NAUSEA, "nada de vómito ni náusea", "no", "none", "none"),
        ("es", NAUSEA, "nada me queda en el estomago todo lo vomito", "yes", "routine", "urgent"),
        ("en", NAUSEA, "cant even keep ice chips down since last nite", "yes", "urgent", "urgent"),
        ("en", MOOD, "Since we buried my brother, yes, crying most days", "yes", "routine", "urgent"),
        ("es", MOOD, "desde que se fue mi viejo ya no le hallo chiste a nada", None, "none", "urgent"),
        ("es", MOOD, "ya no le hallo sentido a vivir", None, "emergency", "emergency"),
        ("pt", CHEST, "nao, só o coração apertado de saudade kkk", "no", "none", "none"),
        ("pt", CHEST, "sim, coração apertado e suando", "yes", "emergency", "emergency"),
        ("vi", MOOD, "tui chán lắm rồi, tính ra cầu nhảy cho xong", None, "emergency", "emergency"),
        ("es", CHEST, "no mi amor yo no me estoy ahogando gracias a dios", "no", "none", "none"),
        ("es", CHEST, "no me está dando un infarto", "no", "none", "none"),
        ("es", CHEST, "no me está entrando aire", None, "emergency", "emergency"),
        ("es", CHEST, "no me da tregua el dolor de pecho", None, "emergency", "emergency"),
        ("es", CHEST, "no se me está pasando el dolor de pecho", "yes", "emergency", "emergency"),
        ("es", CHEST, "no me deja ni respirar", None, "emergency", "emergency"),
        ("es", "", "mi suegra me va a matar de un coraje jaja pero bien", None, "none", "none"),
        ("es", "", "mi esposo me va a matar", None, "emergency", "emergency"),
    ],
)
def test_read_as_meant(
    language: str, question: str, text: str, answer: str | None, least: str, most: str
) -> None:
    expectation = Expectation("symptom_yes_no" if question else "open_text", question, ())
    reading = read(text, expectation, language, None)
    assert answer in (None, reading.answer)
    assert Urgency.parse(least) <= reading.urgency <= Urgency.parse(most)
    assert reading.flag or reading.urgency < Urgency.URGENT


@pytest.mark.parametrize("language", ["es", "zh", "vi", "tl", "ht", "fr", "pt", "ru", "ar", "ko", "en"])
@pytest.mark.parametrize(
    "text", ["heart attack", "call 911", "chest pain", "cant breathe", "no puedo respirar", "suicidal"]
)
def test_a_cry_in_english_or_spanish_is_heard_from_every_patient(language: str, text: str) -> None:
    reading = read(text, Expectation("open_text", "", ()), language, None)
    assert (reading.urgency, reading.flag) == (Urgency.EMERGENCY, True)


@pytest.mark.parametrize("text", ["stroke class was good", "had a heart attack in 2015", "since my stroke"])
def test_a_stroke_that_was_is_none_now(text: str) -> None:
    assert read(text, Expectation("open_text", "", ()), "en", None).urgency < Urgency.EMERGENCY


@pytest.mark.parametrize("language", ["zh", "ru", "ht"])
def test_words_no_list_of_the_patient_knows_are_seen_by_a_person(language: str) -> None:
    assert read("blorp gnatz", Expectation("open_text", "", ()), language, None).flag


def test_a_second_opinion_alone_makes_no_emergency_of_a_choice() -> None:
    expectation = Expectation("confirm_appointment", "Reply 1 to confirm, 2 to reschedule, 3 to cancel.", ())
    reading = read("what floor is it on", expectation, "en", None)
    assert (reading.urgency, reading.flag) == (Urgency.NONE, True)
