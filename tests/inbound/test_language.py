"""A text in another language than the record names: danger is answered in it, and asking for it is enough."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.patients.models import Patient
from tests.support.world import World


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "me duele el pecho y no puedo respirar", "Llame al 911"),
        ("es", "I cant breathe, chest is crushing", "Call 911 now"),
        ("es", "no puedo respirar", "Llame al 911"),
    ],
)
def test_danger_is_answered_in_the_language_it_is_told_in(
    world: World, language: str, text: str, words: str
) -> None:
    world.patient(language=language)
    world.text(text)
    assert words in world.last()


def test_danger_in_a_language_without_approved_words_is_answered_in_the_patients(world: World) -> None:
    world.patient(language="es")
    world.text("我喘不过气")
    assert "Llame al 911" in world.last()


def test_another_language_asked_for_while_nothing_is_open(world: World) -> None:
    patient = world.patient()
    world.text("en español por favor")
    assert world.last().startswith("Desde ahora le escribimos")
    assert [one.language for one in world.all(Patient) if one.id == patient] == ["es"]
    world.clock.advance(timedelta(hours=2))
    world.text("necesito hablar con alguien")
    assert "Una persona" in world.last()


def test_what_else_is_asked_with_it_is_for_a_person_too(world: World) -> None:
    world.patient()
    world.text("en español por favor, a que hora es mi cita?")
    assert "Una persona" in world.last()


def test_a_language_without_texts_is_for_a_person(world: World) -> None:
    patient = world.patient()
    world.text("puedes escribirme en francés?")
    assert "A person" in world.last()
    assert [one.language for one in world.all(Patient) if one.id == patient] == ["en"]
