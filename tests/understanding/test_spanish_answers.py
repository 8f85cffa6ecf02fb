"""Spanish yes/no questions answered in a patient's own words: a no that is no answer, a need turned round."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read
from app.understanding.message import inverted, topics_of

CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
BREATH = "¿Tiene dificultad para respirar? Responda SÍ o NO."
BLEEDING = "¿Tiene algún sangrado que le preocupe? Responda SÍ o NO."
WOUND = "¿Su herida está roja, caliente, hinchada o supurando? Responda SÍ o NO."
VOMITING = "¿Está vomitando o con tanto asco que no puede comer ni tomar líquidos? Responda SÍ o NO."
DIZZY = "¿Se ha sentido mareado hoy? Responda SÍ o NO."
MOOD = "En las últimas 2 semanas, ¿se ha sentido triste, deprimido o sin esperanza? Responda SÍ o NO."
NEW = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
SLEEP = "¿El dolor le ha impedido dormir o moverse? Responda SÍ o NO."


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (WOUND, "no me la he destapado", None),
        (WOUND, "no me han quitado el parche", None),
        (BLEEDING, "no me fijo", None),
        (BLEEDING, "paró solo", "no"),
        (BLEEDING, "paró solo pero volvió", "yes"),
        (VOMITING, "ni vómito ni asco", "no"),
        (VOMITING, "tomo agua y caldo sin problema", "no"),
        (VOMITING, "no puedo ni con el agua", "yes"),
        (BREATH, "en reposo no, caminando sí", "yes"),
        (BREATH, "nomás al barrer el patio", "yes"),
        (DIZZY, "débil sí, mareado no", "no"),
        (DIZZY, "mareado no, pero me voy de lado", "yes"),
        (MOOD, "no lloro pero no tengo ganas de nada", "yes"),
        (NEW, "peor no, pero me ha salido un bulto en la ingle", "yes"),
        (NEW, "tengo el ojo rojo, eso antes no estaba", "yes"),
        (NEW, "dejen de preguntar lo mismo", None),
        (SLEEP, "no he dormido nada", "yes"),
        (SLEEP, "duermo bien", "no"),
        (CHEST, "no solo agruras", "no"),
    ],
)
def test_symptoms(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("symptom_yes_no", prompt), "es", None).answer == answer


RIDE = "¿Necesita que le ayudemos con el transporte para su cita? Responda SÍ o NO."
HELP = "¿Tiene quien le ayude en casa? Responda SÍ o NO."
SAFE = "¿Se siente seguro en su casa? Responda SÍ o NO."
EQUIPMENT = "¿Ya le llegó el equipo médico a su casa (oxígeno, andador, cama)? Responda SÍ o NO."
DEVICE = "¿Le está funcionando bien el aparato que le llevamos? Responda SÍ o NO."
QUESTIONS = "¿Tiene alguna pregunta sobre sus medicinas? Responda SÍ o NO."
VISIT = "¿Ya fue la enfermera a visitarlo a su casa? Responda SÍ o NO."
LEAFLET = "¿Entiende sus instrucciones del alta? Responda SÍ o NO."
TAKING = "¿Está tomando sus medicinas como dice la etiqueta? Responda SÍ o NO."


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (RIDE, "ya tengo ride", "no"),
        (RIDE, "no tengo carro", "yes"),
        (RIDE, "no gracias, mi hija me lleva", "no"),
        (HELP, "no estoy sola, mi hija está conmigo", "yes"),
        (HELP, "no, estoy sola", "no"),
        (SAFE, "nadie me hace daño", "yes"),
        (SAFE, "me grita mi esposo", "no"),
        (EQUIPMENT, "llegó ayer", "yes"),
        (EQUIPMENT, "que llega entre hoy y mañana", "no"),
        (DEVICE, "no ha fallado", "yes"),
        (DEVICE, "se apaga solo", "no"),
        (QUESTIONS, "todo clarito", "no"),
        (VISIT, "vino el lunes", "yes"),
        (VISIT, "dijo que pasa el viernes", "no"),
        (LEAFLET, "no tengo ninguna duda", "yes"),
        (LEAFLET, "tengo dudas", None),
        (TAKING, "sin problema", "yes"),
    ],
)
def test_care(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", prompt), "es", None).answer == answer


def test_a_question_of_what_one_cannot_do_is_not_turned_round() -> None:
    assert not inverted(VOMITING, "es")
    assert inverted("¿Puede comer y beber con normalidad? Responda SÍ o NO.", "es")


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Clínica La Esperanza: ¿está sangrando por la herida, la nariz o al orinar?", "bleeding"),
        ("Desde el alta, ¿le ha subido la temperatura o ha tenido tiritona?", "fever"),
        ("¿Ha notado enrojecimiento, pus o mal olor en el lugar de la operación?", "wound"),
        ("¿Le da vueltas la cabeza o se siente inestable al ponerse de pie?", "dizzy"),
    ],
)
def test_what_a_question_is_about(prompt: str, topic: str) -> None:
    assert topics_of(prompt, "es")[0] == topic


REMINDER = (
    "Tiene cita el jueves 3 de diciembre. Responda 1 o SÍ para confirmar, 2 para cambiarla, 3 para cancelar."
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("el jueves no puedo porque me toca llevar a mi nieto al dentista, el viernes sí", "reschedule"),
        ("hoy no alcanzo a llegar, mañana si puedo", "reschedule"),
        ("si. digo no, cancelar", "cancel"),
        ("no cancelar", None),
        ("bueno bueno quién habla", None),
        ("si si voy pero es en el edificio nuevo o donde siempre", "confirm"),
    ],
)
def test_reminders(text: str, answer: str | None) -> None:
    assert read(text, Expectation("confirm_appointment", REMINDER), "es", None).answer == answer
