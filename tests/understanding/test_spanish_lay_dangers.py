"""Spanish as it is texted: dangers in lay words, and words of danger that are none, each beside its opposite."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

FREE = Expectation("open_text")
NONE = Expectation("none")
CHEST = Expectation("symptom_yes_no", "¿Tiene dolor o presión en el pecho? Responda SÍ o NO.")
SCALE = Expectation("scale_0_10", "Del 0 al 10, ¿qué tan fuerte es su dolor ahora?")


@pytest.mark.parametrize(
    "text",
    [
        "si ni una oracion puedo decir completa",
        "ayuda no res",
        "tengo q dormir parado casi del ahogo",
        "la bebe se esta poniendo colorcito lila",
        "respirando aire fresco y ni asi, me ahogo",
        "se me fue el aire con el aire acondicionado prendido",
        "me tome sin querer toda la caja de pastillas del corazon",
        "me puse 60 unidades de la insulina rapida en vez de 6",
        "encontre a mi hija en el bano con pastillas regadas toda dormida",
        "tome 4 veces la digoxina por error",
        "me tome la caja entera de pastillas",
        "me las tome todas juntas anoche pa ver si me muero",
        "le di jugo y sigue en 40 y como zombi",
        "ya no les voy a dar mas molestias a nadie, adios",
        "mi plan es esta noche",
        "Ya no doy mas. Perdonenme todos",
        "se tiro del segundo piso",
        "se murio mi esposo y me quiero ir con el",
        "mi suegro me quiere matar con un machete",
        "me pegaron los de la calle y me sangra la cabeza",
        "el pipi parado desde ayer hace 6 horas y duele mucho",
        "trabajando en el sol y mi compadre ya no suda y anda diciendo locuras",
        "le estamos dando cpr",
        "la pierna roja con ampollas negras y un dolor que no se aguanta con fiebre",
        "me salio una bola en la barriga q late y me duele la espalda",
        "el bebe no hizo pipi en todo el dia y esta aguadito",
        "hoy con fiebre temblando y confundida",
        "ahorita no, le estan dando ataques a mi niño",
        "mate un puerco y me corte, sangre por todos lados",
        "mi perro mordio a mi hija y esta sangrando mucho no para",
        "el vecino se tomo veneno ayudenme",
        "se me durmio el pie y el brazo y la cara",
        "mi papa esta tirado en el piso viendo fijo y no responde",
        "le eche cloro a la ropa y ahora no puedo respirar",
        "me dieron el epipen y sigo con la lengua hinchada",
        "si, me duele el pecho llamo a ustedes o al 911",
        "1 si llego vivo, me aprieta el pecho",
        "el cuarto esta a 80 y yo tengo 105",
        "me esta ahorcando",
        "mi esposo me esta ahorcando",
        "se le atoro el pan y hace ruidito nomas",
        "ando pensando en la forma mas facil de irme",
        "me aviento al tren",
        "es normal q mi esposo no pueda mover el lado derecho hoy?",
        "me duele la espalda baja pero no siento abajo, piernas aguadas",
        "mi mama se tomo las pastillas mias de la azucar y ella no es diabetica",
        "emergencia familiar mi mama no respira",
        "me tome todo el frasco de tylenol con agua",
        "voy en la ambulancia ahora",
    ],
)
def test_dangers(text: str) -> None:
    assert read(text, FREE, "es", None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "yo pense q me iba a morir en el hospital pero aqui estoy fuerte",
        "el vecino se tomo un veneno el año pasado pobre",
        "mi suegra me quiere matar con tanta comida",
        "les pegamos 3 a 0, q golpiza",
        "me pegaron los 60 jaja",
        "mi equipo me va a matar de un infarto",
        "el juego de las chivas me dio un infarto jaja",
        "mi hijo me saca canas verdes me va a dar un infarto",
        "me ahogan las deudas",
        "me falta el aire... el aire acondicionado",
        "respirando aire puro en el rancho",
        "me quede sin aire de tanto bailar anoche jaja",
        "hoy mate un pollo, sangre por todos lados jaja",
        "hice morcilla ayer, sangre de puerco, rica",
        "a mi perro lo atropellaron y esta sangrando",
        "vi una pelicula de asesinos y no dormi",
        "me trague la pastilla entera y paso bien",
        "me tome todas las pastillas del dia como me dijeron",
        "me las tomo todas juntas en la mañana",
        "tome mi pastilla doble como dijo el doctor",
        "estoy tirado en el piso jugando con los nietos",
        "le puse cloro a la ropa y se echo a perder",
        "se me durmio el pie pero ya desperto",
        "un temblor nos desperto, tembló todo",
        "si me da dolor de pecho llamo a uds o al 911?",
        "si con el doctor de las convulsiones el lunes",
        "si con el neumologo por lo de la falta de aire el martes",
        "si pa quitarme el coagulo el 12",
        "si me dieron el epipen",
        "mi apt es 105",
        "deje el eliquis porque el doctor me dijo que ya",
        "la renta me esta ahorcando",
        "me comi todo el frasco de mermelada",
        "me dispare un taco",
        "emergencia familiar, no podre ir",
        "en la ambulancia me pusieron oxigeno y de ahi quede bien",
        "puede darme otro derrame?",
        "no tengo pistola ni nada de eso ni pensamientos",
        "tomo doble la de la presion porque asi me dijo la cardiologa",
    ],
)
def test_no_danger(text: str) -> None:
    assert read(text, FREE, "es", None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("text", "intent", "there"),
    [
        ("ya no quiero que me regrese el derrame", "opt_out", False),
        ("ya no me mande a terapia doctora", "opt_out", False),
        ("paren de subir los precios", "opt_out", False),
        ("no me escriba en ingles", "opt_out", False),
        ("no me mande a mi esos textos", "opt_out", True),
        ("paren de mandar", "opt_out", True),
        ("ya no quiero que me manden nada", "opt_out", True),
        ("se me murieron las matas", "deceased", False),
        ("se murio el wifi", "deceased", False),
        ("mi esposo se murio", "deceased", True),
    ],
)
def test_who_wants_no_more_and_who_has_died(text: str, intent: str, there: bool) -> None:
    assert (intent in read(text, NONE, "es", None).intents) is there


def test_pressure_at_rest_is_an_emergency() -> None:
    told = "al subir y ya hasta sentado me aprieta"
    assert read(told, CHEST, "es", None).urgency is Urgency.EMERGENCY


def test_a_no_that_only_begins_a_phrase_is_no_pain_of_zero() -> None:
    assert read("no se, no puedo ver", SCALE, "es", None).answer is None
    assert read("no", SCALE, "es", None).answer == 0
