"""Spanish replies that answer by facts, and the like words that say something else: each family beside its opposite."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

BLEEDING = "¿Tiene algún sangrado que le preocupe? Responda SÍ o NO."
CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
BREATH = "¿Tiene dificultad para respirar? Responda SÍ o NO."
WOUND = "¿Su herida está roja, caliente, hinchada o supurando? Responda SÍ o NO."
NAUSEA = "¿Tiene náuseas o vómitos que no le dejan comer o beber? Responda SÍ o NO."
NEW = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
MOOD = "En las últimas 2 semanas, ¿se ha sentido triste, deprimido o sin esperanza? Responda SÍ o NO."
FEVER = "¿Ha tenido fiebre o escalofríos desde que volvió a casa? Responda SÍ o NO."
DIZZY = "¿Se ha sentido mareado hoy? Responda SÍ o NO."
PICKUP = "¿Ya recogió sus medicinas en la farmacia? Responda SÍ o NO."
RIDE = "¿Tiene quien lo lleve a su cita del jueves 3 de diciembre? Responda SÍ o NO."
CLEAR = "Hospital San Rafael: ¿Le quedó claro lo que tiene que hacer en casa?"
VISIT = "¿Tiene una cita de seguimiento con su doctor? Responda SÍ o NO."
TAKING = "¿Está tomando sus medicinas como dice la etiqueta? Responda SÍ o NO."
BETTER = "¿Se siente mejor que ayer? Responda SÍ o NO."
TIME = "Le habla Riverside Health. ¿Es buen momento para unas preguntas? Diga sí o no."


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (BLEEDING, "cambié la gasa hace rato y salió limpia", "no"),
        (BLEEDING, "la gasa se empapa cada rato", "yes"),
        (BLEEDING, "poquita pero no me deja de salir", "yes"),
        (BLEEDING, "no me sangra nada", "no"),
        (BLEEDING, "como cuanto es mucho?", None),
        (BLEEDING, "me sangra mucho la herida", "yes"),
        (CHEST, "puro dolorcito de la cicatriz al estornudar", "no"),
        (CHEST, "puro dolor en la cicatriz y presion en el pecho", "yes"),
        (CHEST, "no le voy a decir que no me viene y se me va", "yes"),
        (CHEST, "eso fue antes de que me pusieran el marcapasos", "no"),
        (CHEST, "eso fue antes de la cirugia pero ahora me duele otra vez", "yes"),
        (CHEST, "ustedes no son mis doctores", None),
        (BREATH, "me duele la garganta pero jalo aire sin problema", "no"),
        (BREATH, "jalo aire con trabajo", "yes"),
        (BREATH, "le di dos vueltas a la cuadra", "no"),
        (BREATH, "le di dos vueltas a la cuadra y me agite", "yes"),
        (BREATH, "toda la noche con el pecho cerrado", "yes"),
        (BREATH, "desde el nebulizador estoy perfecto", "no"),
        (BREATH, "desde el lunes", "yes"),
        (BREATH, "traigo el inhalador cada hora", "yes"),
        (BREATH, "en el hospital si, aqui ya no", "no"),
        (BREATH, "en el hospital si y aqui tambien", "yes"),
        (WOUND, "bien inchada", "yes"),
        (WOUND, "bien limpia", "no"),
        (WOUND, "me da comezon es todo", "no"),
        (WOUND, "me da comezon y esta roja", "yes"),
        (NAUSEA, "no me da hambre, todo lo devuelvo", "yes"),
        (NAUSEA, "me eche tres tacos", "no"),
        (NAUSEA, "me comi dos tacos y los vomite", "yes"),
        (NEW, "lo nuevo es que ya camino sin andador", "no"),
        (NEW, "lo nuevo es que ya no respiro bien", "yes"),
        (NEW, "peor estaba la semana pasada ahorita ya ando levantado", "no"),
        (NEW, "hoy estoy peor", "yes"),
        (MOOD, "lloro de nada", "yes"),
        (MOOD, "no lloro de nada", "no"),
        (MOOD, "desde q murio mi viejo nada es igual", "yes"),
        (FEVER, "frios si, calentura no", "yes"),
        (FEVER, "frios no, calentura no", "no"),
        (FEVER, "mi hija dice que tengo calentura", "yes"),
        (FEVER, "39 cuando me internaron, de ahí pura normal", "no"),
        (FEVER, "39 cuando me internaron y hoy 39.5", "yes"),
        (CHEST, "mi papa fue el del infarto, yo soy la de la vesicula", "no"),
        (CHEST, "mi papa fue el del infarto pero me duele el pecho", "yes"),
        (CHEST, "mi papa murio de un infarto pero yo estoy bien", "no"),
        (BLEEDING, "la regla nada más lo de cada mes", "no"),
        (BLEEDING, "la regla y me sangra la herida", "yes"),
        (BLEEDING, "en el vendaje un poquito nomas", "yes"),
        (DIZZY, "solo si me paro de golpe", "yes"),
        (DIZZY, "me tuve que agarrar de la pared dos veces", "yes"),
        (DIZZY, "no tengo que agarrarme de nada", "no"),
    ],
)
def test_symptoms_told_by_facts(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("symptom_yes_no", prompt), "es", None).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (PICKUP, "mi viejo fue en la mañana por ellas", "yes"),
        (PICKUP, "en la mañana paso por ellas", "no"),
        (PICKUP, "ya hasta me tomé la primera", "yes"),
        (PICKUP, "no tuve que ir me las mandaron a la casa", "yes"),
        (PICKUP, "no tuve que ir todavia", "no"),
        (PICKUP, "fui en la mañana por ellas pero estaba cerrado", "no"),
        (RIDE, "yo no manejo todavia", "no"),
        (RIDE, "no se preocupe, ya pedi el uber", "yes"),
        (RIDE, "no se quien me lleve", "no"),
        (CLEAR, "nada complicado", "yes"),
        (CLEAR, "nada claro", "no"),
        (CLEAR, "me hice bolas con las pastillas", "no"),
        (VISIT, "quiero que ustedes me la agenden", "no"),
        (VISIT, "ya me la saque", "yes"),
        (TAKING, "sí todas menos la insulina", "no"),
        (TAKING, "anoche se me pasó y hoy también", "no"),
        (TAKING, "si todas menos la que me quito el doctor", "yes"),
        (BETTER, "sin nauseas ya, con eso le digo todo", "yes"),
        (BETTER, "sin mejoria", "no"),
        (BETTER, "ayer ni me paraba y hoy hice el desayuno", "yes"),
        (BETTER, "ayer estaba peor", "yes"),
        (BETTER, "ayer estaba mejor", "no"),
        (BETTER, "como si me hubiera pasado un tren", "no"),
        (TIME, "sí quisiera pero estoy trabajando", "no"),
        (TIME, "esto no es fraude verdad", None),
        (TIME, "ahorita me están cambiando la venda", "no"),
        (PICKUP, "el farmaceutico quiere hablar con el dr primero", "no"),
        (RIDE, "la muchacha que me cuidaba se fue", "no"),
        (TIME, "deme una hora", "no"),
    ],
)
def test_tasks_told_by_facts(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", prompt), "es", None).answer == answer
