"""Spanish, Portuguese, French and Haitian Creole: harmless neighbours of alarming words, and alarms beside them."""

from __future__ import annotations

import pytest

from app.understanding import read
from app.understanding.reading import Expectation, Urgency


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("es", "que me quiten los puntos ya", "opt_out"),
        ("es", "la herida no molesta", "opt_out"),
        ("es", "quiero salir a caminar", "opt_out"),
        ("es", "tengo que terminar los antibioticos", "opt_out"),
        ("es", "tengo bloqueo en el corazon", "opt_out"),
        ("es", "me van a quitar el yeso", "opt_out"),
        ("es", "no me llamen al celular, llamen a la casa", "opt_out"),
        ("es", "la enfermera muy amable", "wants_human"),
        ("es", "la enfermera me explico todo", "confusion"),
        ("es", "mi papá, que en paz descanse, era así", "deceased"),
        ("es", "se me hincho la cara", "cost_barrier"),
        ("es", "me dijo que me cuidara", "question"),
        ("pt", "o plano não autorizou o exame", "opt_out"),
        ("pt", "tomei o remédio dela por engano", "wrong_number"),
        ("pt", "hoje faz 3 anos que meu marido morreu", "deceased"),
        ("fr", "mon fils est passé à la pharmacie", "wants_human"),
        ("fr", "le chauffage est en panne", "transport_barrier"),
        ("ht", "enfimyè a esplike m byen", "confusion"),
    ],
)
def test_an_intent_is_not_heard_where_it_is_not_said(language: str, text: str, intent: str) -> None:
    assert intent not in read(text, Expectation("none", ""), language, None).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "mi esposo tiene la cara chueca y ya no me responde"),
        ("es", "despues de mi cirugia no para la hemorragia"),
        ("es", "hace una semana que me falta mucho el aire y hoy no puedo hablar"),
        ("es", "me duele el pecho y se me fue la vista"),
        ("es", "ya no aguanto el dolor de pecho"),
        ("ht", "l ap mouri"),
    ],
)
def test_an_emergency_is_not_undone_by_words_of_ending(language: str, text: str) -> None:
    assert read(text, Expectation("open_text", ""), language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "mi nieto se comio todo el pastel"),
        ("es", "casi me caigo pero de la risa"),
        ("es", "ahorita no puedo contestar"),
        ("es", "se me rompio el vaso y se derramo el cafe"),
        ("es", "la temperatura 97.9"),
        ("pt", "caí na cama e dormi"),
        ("ht", "pa rele m ankò"),
        ("ht", "li ale"),
    ],
)
def test_daily_life_is_no_emergency(language: str, text: str) -> None:
    assert read(text, Expectation("open_text", ""), language, None).urgency < Urgency.URGENT
