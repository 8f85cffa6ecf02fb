"""Spanish: answers in other words, ordinary talk that raises no alarm, and the alarms beside it."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, Urgency, read

BREATH = "¿Tiene dificultad para respirar? Responda SÍ o NO."
CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
WOUND = "¿Su herida está roja, caliente, hinchada o supurando? Responda SÍ o NO."
FEVER = "¿Ha tenido fiebre o escalofríos desde que volvió a casa? Responda SÍ o NO."
BLEEDING = "¿Tiene algún sangrado que le preocupe? Responda SÍ o NO."
NAUSEA = "¿Tiene náuseas o vómitos que no le dejan comer o beber? Responda SÍ o NO."
MOOD = "En las últimas 2 semanas, ¿se ha sentido triste, deprimido o sin esperanza? Responda SÍ o NO."
FALL = "¿Se ha caído desde que volvió a casa? Responda SÍ o NO."
NEW = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
TAKING = "¿Está tomando sus medicinas como dice la etiqueta? Responda SÍ o NO."
MOMENT = "Le habla Riverside Health. ¿Es buen momento para unas preguntas? Diga sí o no."
HELP = "¿Hay alguien en casa que le pueda ayudar? Responda SÍ o NO."
UNDERSTOOD = "¿Entiende sus instrucciones del alta? Responda SÍ o NO."
VISIT = (
    "Tiene cita con la Dra. Patel el jueves 3 de diciembre a las 2:15 p.m. "
    "Responda 1 o SÍ para confirmar, 2 para cambiarla, 3 para cancelar."
)
ACTIONS = (Option("1", "confirm"), Option("2", "reschedule"), Option("3", "cancel"))
LANGUAGES = (Option("1", "English", lang="en"), Option("2", "Español", lang="es"))


@pytest.mark.parametrize(
    ("context", "prompt", "text", "answer"),
    [
        ("symptom_yes_no", BREATH, "a que se refiere con dificultad?", None),
        ("symptom_yes_no", CHEST, "el pecho bien, lo que me duele es la rodilla", "no"),
        ("symptom_yes_no", WOUND, "no me la puedo ver, la tengo en la espalda", None),
        ("symptom_yes_no", FEVER, "no tengo termometro", None),
        ("symptom_yes_no", FEVER, "sudé toda la noche", "yes"),
        ("symptom_yes_no", FEVER, "mi hijo trae calentura pero yo no", "no"),
        ("symptom_yes_no", BLEEDING, "me salen moretones por todos lados", "yes"),
        ("symptom_yes_no", NAUSEA, "vomité el día que salí, de ahi pa ca nada", "no"),
        ("symptom_yes_no", MOOD, "triste solo cuando pierde el equipo jaja", "no"),
        ("symptom_yes_no", MOOD, "triste cuando estoy sola", "yes"),
        ("symptom_yes_no", FALL, "por poquito, pero alcancé a agarrarme", "no"),
        ("symptom_yes_no", FALL, "se me cayo el celular nomas", "no"),
        ("symptom_yes_no", FALL, "me cai y se me cayo el vaso", "yes"),
        ("symptom_yes_no", NEW, "ando bien estreñida", "yes"),
        ("symptom_yes_no", NAUSEA, "no me pasa la comida", "yes"),
        ("symptom_yes_no", NAUSEA, "no, como de todo", "no"),
        ("symptom_yes_no", FALL, "sí pero no me lastime", "yes"),
        ("symptom_yes_no", FALL, "me cuido mucho", "no"),
        ("yes_no", HELP, "no, estoy sola", "no"),
        ("yes_no", TAKING, "me da miedo tomarlas", "no"),
        ("yes_no", TAKING, "todas menos las que me quito el doctor", "yes"),
        ("yes_no", TAKING, "con el desayuno y con la cena", "yes"),
        ("yes_no", MOMENT, "tengo 5 minutos", "yes"),
        ("yes_no", MOMENT, "me agarro dormido", "no"),
        ("yes_no", MOMENT, "no puedo hablar ahorita", "no"),
        ("yes_no", HELP, "mis nietos", "yes"),
        ("yes_no", HELP, "mi señora, que en paz descanse, era la que me cuidaba", "no"),
        ("yes_no", UNDERSTOOD, "entendido", "yes"),
        ("confirm_appointment", VISIT, "el 3 ahi estoy", "confirm"),
        ("confirm_appointment", VISIT, "si señorita el jueves 3", "confirm"),
        ("confirm_appointment", VISIT, "ese dia estoy fuera", "reschedule"),
        ("confirm_appointment", VISIT, "3 de que mes?", None),
        ("confirm_appointment", VISIT, "me la pueden poner en la mañana?", "reschedule"),
        ("language_choice", "Which language? 1 English 2 Español", "no hablo ingles", None),
    ],
)
def test_what_other_words_answer(context: str, prompt: str, text: str, answer: str | None) -> None:
    options = {"confirm_appointment": ACTIONS, "language_choice": LANGUAGES}.get(context, ())
    found = read(text, Expectation(context, prompt, options), "es", None)
    assert found.answer == answer


@pytest.mark.parametrize(
    "text",
    [
        "uso pañal en la noche",
        "ya cambie las sabanas",
        "se me mojo la venda cuando me bañe",
        "quiero hablar con la trabajadora social",
        "no puedo hablar estoy en el trabajo",
        "dejen de molestar",
        "a lo mejor mi hermana me lleva",
        "no tengo pistola ni nada de eso",
        "tengo todas las pastillas listas en el pastillero",
        "dile a la doctora que la quiero mucho",
        "no quiero seguir con estos mensajes",
        "me quede sin aire acondicionado",
        "voy al hospital por mi cita",
        "puedo tomar cerveza con el antibiotico",
        "si me vuelve a faltar el aire de noche voy a emergencia o los llamo a ustedes?",
        "que hago si me vuelve el dolor de pecho",
    ],
)
def test_ordinary_talk_is_no_emergency(text: str) -> None:
    assert read(text, Expectation("open_text"), "es", None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "no puedo hablar me ahogo",
        "no puedo hablar bien se me traba la lengua",
        "cambio la toalla cada 20 minutos",
        "se moja la venda de sangre y no para",
        "me quede sin aire",
        "no puedo hablar de lo ahogado",
        "mejor sin mi estarian todos",
        "tengo las pastillas listas para acabar con todo",
        "tengo la pistola en la mano",
        "dile a mis hijos que los quiero mucho",
        "ya no quiero seguir con esto",
        "quiero desaparecer",
        "vamos al hospital, no respira bien",
        "tome pastillas con cerveza y no despierta",
        "si me falta mucho el aire que hago",
        "soy una carga para mis hijos, mejor me muero",
    ],
)
def test_the_alarms_beside_it_are_seen(text: str) -> None:
    assert read(text, Expectation("open_text"), "es", None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("text", "intent", "there"),
    [
        ("es esto real o es una estafa", "question", True),
        ("es la misma clinica de siempre?", "question", True),
        ("para que la quieren", "question", True),
        ("me lo manda otra vez? lo borre sin leer", "repeat", True),
        ("que decia el mensaje anterior", "repeat", True),
        ("los mensajes ya no los quiero", "opt_out", True),
        ("que ya no me esten mandando", "opt_out", True),
        ("no mas de lo normal", "opt_out", False),
        ("ya no hallo como pagar los biles del hospital", "cost_barrier", True),
        ("ya no hallo como pagar los biles del hospital", "confusion", False),
        ("me salieron ronchas desde que empece el antibiotico", "medication_problem", True),
        ("no puedo tragar ni saliva", "medication_problem", False),
        ("los quite sin querer, activen otra vez los mensajes", "medication_problem", False),
        ("no gracias a Dios", "thanks", False),
        ("mi nuera me las tradujo", "language_switch", False),
    ],
)
def test_what_else_is_said(text: str, intent: str, there: bool) -> None:
    assert (intent in read(text, Expectation("none"), "es", None).intents) is there


def test_who_is_in_hospital_again_is_seen_by_a_person() -> None:
    assert read(
        "estoy internada otra vez", Expectation("confirm_appointment", VISIT, ACTIONS), "es", None
    ).flag


def test_taking_them_all_is_no_overdose_where_taking_was_asked_about() -> None:
    found = read("las tomo todas", Expectation("yes_no", TAKING), "es", None)
    assert (found.answer, found.urgency) == ("yes", Urgency.NONE)
