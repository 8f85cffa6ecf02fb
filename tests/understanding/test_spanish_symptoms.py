"""Spanish: what is told in answer to a question about symptoms, in other words than yes and no."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

WOUND = "¿Su herida está roja, caliente, hinchada o supurando? Responda SÍ o NO."
CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
BREATH = "¿Tiene dificultad para respirar? Responda SÍ o NO."
BLEEDING = "¿Tiene algún sangrado que le preocupe? Responda SÍ o NO."
NAUSEA = "¿Tiene náuseas o vómitos que no le dejan comer o beber? Responda SÍ o NO."
FEVER = "¿Ha tenido fiebre o escalofríos desde que volvió a casa? Responda SÍ o NO."
MOOD = "En las últimas 2 semanas, ¿se ha sentido triste, deprimido o sin esperanza? Responda SÍ o NO."
NEW = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
PAIN = "¿Su dolor está controlado? Responda SÍ o NO."
SWELLING = "¿Tiene más hinchazón en las piernas o los pies que ayer? Responda SÍ o NO."
SUGAR = "¿Ha tenido el azúcar muy alta o muy baja hoy? Responda SÍ o NO."
WEIGHT = "¿Subió más de 3 libras desde ayer? Responda SÍ o NO."
SAFE = "¿Se siente seguro en su casa? Responda SÍ o NO."
WEIGHED = "¿Se pesó esta mañana? Responda SÍ o NO."


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        # A denial and its verb: "no está sangrando" denies, "no, está sangrando" does not.
        (BLEEDING, "no está sangrando", "no"),
        (BLEEDING, "no. está sangrando", "yes"),
        (FEVER, "no tengo termómetro pero no me siento caliente", "no"),
        # "No se ha abierto" is no "no sé"; "no se me quita" denies nothing.
        (WOUND, "no se ha abierto", "no"),
        (SWELLING, "no se me han hinchado", "no"),
        (SWELLING, "no se me baja la hinchazon", "yes"),
        (CHEST, "no se me quita el dolor del pecho", "yes"),
        (NAUSEA, "no me entra nada", "yes"),
        (WOUND, "como se si esta supurando", None),
        # What is there without what it was asked to bring.
        (NAUSEA, "tantita nausea pero si como", "no"),
        (NAUSEA, "vomité y no puedo comer", "yes"),
        (MOOD, "aburrido sí, triste no", "no"),
        (MOOD, "bien no, triste sí", "yes"),
        (WOUND, "hinchada sí, roja no", "yes"),
        # Another place.
        (CHEST, "me duele pero la cintura", "no"),
        (CHEST, "me duele el pecho y la cintura", "yes"),
        (BREATH, "nada más tengo la nariz tapada", "no"),
        # "Fuerte" is no state of being well.
        (NEW, "la tos se me hizo más fuerte", "yes"),
        (PAIN, "no me duele nada", "yes"),
        (PAIN, "no", "no"),
        (PAIN, "con las pastillas se me calma", "yes"),
        (PAIN, "las pastillas no me hacen nada", "no"),
        (PAIN, "no se me quita con nada", "no"),
        (PAIN, "me duele un chorro", "no"),
        (PAIN, "tolerable", "yes"),
        (SUGAR, "no tengo tiras", None),
        (SUGAR, "me dio un bajón de azúcar", "yes"),
        (WEIGHT, "2 kilos", "yes"),
        (WEIGHT, "ayer 180 hoy 181", "no"),
        (WEIGHT, "no me pesé", None),
        (SAFE, "le tengo miedo a mi esposo", "no"),
        (SAFE, "muy segura", "yes"),
        (WOUND, "que herida? si a mi no me operaron vos", "no"),
        (BREATH, "no puede ni terminar de hablar sin jalar aire", "yes"),
        (BREATH, "el que no puede respirar es mi perro pug jaja yo bien", "no"),
        (NEW, "pues nuevo nuevo no lo de la espalda que ya sabe", "no"),
    ],
)
def test_symptoms_told(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("symptom_yes_no", prompt), "es", None).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        ("¿Dejó de tomar alguna de sus medicinas? Responda SÍ o NO.", "deje la metformina", "yes"),
        ("¿Dejó de tomar alguna de sus medicinas? Responda SÍ o NO.", "no no he dejado ninguna", "no"),
        ("¿Se siente mejor que ayer? Responda SÍ o NO.", "ya no puedo más", "no"),
        ("¿Se siente mejor que ayer? Responda SÍ o NO.", "ya no me duele el pecho como ayer", "yes"),
        ("¿Es buen momento para unas preguntas?", "que sea rapidito porque estoy cocinando", "yes"),
        ("¿Es buen momento para unas preguntas?", "y como se yo q no es una estafa", None),
    ],
)
def test_other_questions(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", prompt), "es", None).answer == answer


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("estoy en el puente y me voy a tirar", Urgency.EMERGENCY),
        ("voy a tirar la basura", Urgency.NONE),
        ("le puse 60 de insulina en lugar de 6 a mi mami", Urgency.EMERGENCY),
        ("me estoy ahogando en un vaso de agua con tanto papeleo", Urgency.NONE),
        ("creo que mi esposa es la que apunta todo eso", Urgency.NONE),
        ("cuando toma mi marido se pone agresivo", Urgency.EMERGENCY),
        ("mi esposo me apunta con una pistola", Urgency.EMERGENCY),
    ],
)
def test_dangers_and_their_look_alikes(text: str, urgency: Urgency) -> None:
    assert read(text, Expectation("open_text"), "es", None).urgency is urgency


@pytest.mark.parametrize("text", ["no tengo báscula en la casa se me descompuso", "no me pesé"])
def test_who_cannot_measure_has_not(text: str) -> None:
    assert read(text, Expectation("yes_no", WEIGHED), "es", None).answer == "no"
