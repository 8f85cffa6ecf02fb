"""Words of danger and death about batteries, jokes and lists of days; and a lack of air told in plain words."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

FREE = Expectation("none")
AIR = Expectation("symptom_yes_no", "¿Tiene dificultad para respirar? Responda SÍ o NO.")
HELP = Expectation("yes_no", "¿Tiene en casa a alguien que le ayude? Responda SÍ o NO.")
MEDICINES = Expectation("yes_no", "¿Ya recogió sus medicinas en la farmacia? Responda SÍ o NO.")
PHARMACY = Expectation("yes_no", "Avez-vous récupéré vos médicaments à la pharmacie ? Répondez OUI ou NON.")


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("se me esta muriendo la pila, al rato les contesto", Urgency.NONE),
        ("mi mama se esta muriendo, venga", Urgency.EMERGENCY),
        ("tome amoxicilina y no puedo respirar", Urgency.EMERGENCY),
    ],
)
def test_who_or_what_is_dying(text: str, urgency: Urgency) -> None:
    assert read(text, FREE, "es", None).urgency is urgency


@pytest.mark.parametrize(
    ("text", "answer"), [("no ando bien de aire hoy", None), ("no, ando bien de aire", "no")]
)
def test_not_well_of_breath_is_no_denial(text: str, answer: str | None) -> None:
    found = read(text, AIR, "es", None)
    assert found.answer == answer
    assert found.flag is (answer is None)


@pytest.mark.parametrize(
    ("asked", "language", "text", "answer"),
    [
        (HELP, "es", "vivo solo desde que murió mi esposa pero la vecina viene a diario", "yes"),
        (HELP, "es", "vivo sola, nadie viene", "no"),
        (MEDICINES, "es", "sale, ya las tengo", "yes"),
        (MEDICINES, "es", "sale en 260 y yo vivo nomás de mi pensión", "no"),
        (PHARMACY, "fr", "mon mari y va ce soir", "no"),
    ],
)
def test_what_is_said_beside_it(asked: Expectation, language: str, text: str, answer: str) -> None:
    assert read(text, asked, language, None).answer == answer


def test_who_nearly_died_has_not() -> None:
    assert "deceased" not in read("i bout died walking from the back lot lol", FREE, "en", None).intents
    assert "deceased" in read("my husband died monday", FREE, "en", None).intents
