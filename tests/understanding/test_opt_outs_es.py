"""Spanish: who wants no more messages in any words, and who only stops, takes off or leaves something else."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told

ADHERENCE = "¿Está tomando sus medicinas como dice la etiqueta? Responda SÍ o NO."
FEVER = "¿Ha tenido fiebre o escalofríos desde que volvió a casa? Responda SÍ o NO."


@pytest.mark.parametrize(
    "text",
    [
        # not, never, nor
        "le agradeceria que no me volviera a contactar",
        "jamas me vuelvan a escribir",
        "no me anden checando por mensaje",
        "mi mama no quiere que le sigan mandando textos",
        "no friegue mas",
        "nomanden mas",
        # no need, no point
        "no tiene caso que me manden nada",
        "ya no es preciso que me contacten",
        # stop, end, enough, tired
        "me gustaria que dejaran de escribirme",
        "pará de mandarme mensajes",
        "dejen de estar dando lata",
        "suspendan los recordatorios",
        "finalicen los avisos",
        "corten ya los mensajes",
        "ya chole con sus mensajes",
        "ya me canse de estos textos",
        "me tienen hasta la coronilla con sus textos",
        "ni un texto mas por favor",
        # not asked for, not agreed to, no part of it
        "nunca pedi estos textos",
        "no tienen mi permiso para llamarme",
        "yo no me apunte a esto",
        "no quiero formar parte del programa",
        "renuncio al programa",
        # off the list, forgotten, in peace
        "saquen a mi abuelo de su sistema",
        "pierdan mi numero",
        "olvidense de mi",
        "hagan de cuenta que no existo",
        "dejenos en paz",
        "solicito la baja",
        # how to, or else
        "como desactivo los recordatorios",
        "donde cancelo esto de los textos",
        "si me vuelven a escribir los denuncio",
        "otro mensaje y los demando",
        # the keyword, mistyped
        "sotp",
        "desubscribirme",
        # the number, the contact, elsewhere, forbidden
        "no vuelvan a usar este numero",
        "no quiero mas contacto con ustedes",
        "que no me llegue nada mas",
        "quiten esto de mi telefono",
        "ya los mande a bloqueados",
        "les prohibo que me llamen",
        "eviten mandarme mensajes",
        "guardense sus mensajes",
        "ponganme en la lista de no llamar",
        "por este medio solicito se me excluya de futuros mensajes",
        # or else; told before; refused
        "los denuncio... voy con la policia si siguen mandando mensajes",
        "pondre una queja si no dejan de llamar",
        "ya mande stop dos veces",
        "ya pedi que me borraran",
        "le dije a la doctora que no queria textos",
        "me opongo a recibir mas avisos",
        "nunca firme para recibir esto",
        "queda revocado mi consentimiento",
        # it, beside what it is
        "esto es acoso, borrenlo",
        "yo no les di mi celular, quitenlo",
        "dejen la cantaleta",
        "no me den mas guerra",
        "ni textos ni llamadas",
        "suficiente con las llamadas",
        "hasta aqui con los avisos",
        "que esta sea la ultima llamada",
        "pongan fin a los avisos",
        # asking, the number of one who died, the keyword in pieces, half in English
        "ya no pregunten por favor",
        "murio mi tia, borren su telefono",
        "cancelen mi inscripcion",
        "me quiero desafiliar por favor",
        "st op",
        "delete my number porfa",
        "no necesito eso",
        "ya me cansaron",
    ],
)
def test_any_wording_opts_out(text: str) -> None:
    found = told(text, "es").intents
    assert "opt_out" in found
    assert "opt_in" not in found


@pytest.mark.parametrize(
    "text",
    [
        "no manden ambulancia",
        "mi hijo me dijo que no le escriba",
        "no les llame ayer perdon",
        "por favor no me llame señora",
        "ya no llamen al 911",
        "no hace falta que venga la enfermera",
        "no jodas que bueno",
        "ya estuvo bueno el dolor",
        "ya estuvo, ya comi",
        "me dejaron en paz los dolores",
        "me cansan las escaleras",
        "no me molesta que me escriban",
        "suspendieron mi medicaid",
        "yo no autorice ese cobro",
        "no me apunte a tiempo",
        "no quiero seguir en dialisis",
        "quiero que me quiten los puntos",
        "borrenme esa cita",
        "saquenme cita para el lunes",
        "saquenme de aqui del hospital",
        "olvide mi numero de seguro",
        "como quito la venda",
        "cancelar la membresia del gym",
        "los cobradores no dejan de llamar",
        "bloquee a mi ex",
        "no mas preguntas gracias",
        "no quiero molestar",
        "deje de preguntar y mande ayuda",
        "no me llego nada de mensajes",
        "me prohibieron la sal",
        "me operaron sin mi consentimiento",
        "bloquearon mi tarjeta",
        "ya les dije que me quiten la sonda",
        "la rodilla no deja de molestar",
        "no me interesa el lunes",
        "no me manden la misma pastilla",
        "no le hablen a mi esposo de esto",
        "no dejen recado con mi esposo",
        "no me gustan los mensajes pero los leo",
        "no manden a esa señora otra vez",
        "no borren mi telefono",
        "no me interesa la de las 3",
        "no mas, ya acabe las pastillas",
        "no me llame manejando",
        "se la deje tranquila la venda",
        "no llamen a la ambulancia",
        "ya me quitaron de la lista de espera",
        "no molesten a la doctora",
        "dile al vecino que ya no me llame",
        "ya basta de piquetes",
        "borre el mensaje sin querer",
        "voy a llamar a la policia si mi ex vuelve a llamar",
        "el yeso me aprieta, quitenmelo",
        "el seguro ha cancelado la autorizacion",
        "me desafiliaron del medicaid",
        "no recibi ni llamadas ni mensajes",
        "ya puse alto al azucar",
        "me opongo a que me operen",
        "no quiero mas seguimiento con el cardiologo",
        "dejen la lata de leche en la puerta",
    ],
)
def test_what_else_ends_is_no_opt_out(text: str) -> None:
    assert "opt_out" not in told(text, "es").intents


@pytest.mark.parametrize(
    "text",
    [
        "no me escriban en la noche",
        "no me llamen al trabajo",
        "no me manden tantos",
        "menos mensajes por favor",
        "mejor escribame, no me llame",
        "no quiero textos, prefiero que me llamen",
        "escribanle a mi hija a este no",
        "cambien mi numero por favor",
        "mandenme los mensajes por la tarde",
        "no dejen mensajes de voz",
        "no llamen, estoy sorda, mejor por texto",
    ],
)
def test_how_and_when_is_for_a_person(text: str) -> None:
    read = told(text, "es")
    assert read.flag
    assert "opt_out" not in read.intents


@pytest.mark.parametrize(
    "text",
    [
        "no dejen de mandarme los recordatorios",
        "no quiero que dejen de escribirme",
        "no me quiten de la lista",
        "jamas dejen de llamarme",
        "quiero que me lleguen otra vez los mensajes",
    ],
)
def test_wanting_them_is_the_opposite(text: str) -> None:
    found = told(text, "es").intents
    assert "opt_out" not in found
    assert "opt_in" in found


def test_an_answer_beside_it_stays() -> None:
    read = told("no. y finalicen los mensajes", "es", "symptom_yes_no", FEVER)
    assert read.answer == "no"
    assert "opt_out" in read.intents
    assert told("suspendan los recordatorios", "es", "yes_no", ADHERENCE).answer is None


@pytest.mark.parametrize(
    ("text", "died"),
    [
        ("mi papa fallecio el martes, era su paciente", True),
        ("mi esposo murio hace dos semanas, solo les aviso", True),
        ("lamento informarles que don Pedro fallecio", True),
        ("mi esposo murio hace 5 años", False),
        ("se me murio el telefono", False),
    ],
)
def test_who_died(text: str, died: bool) -> None:
    assert ("deceased" in told(text, "es").intents) is died


def test_shouting_staff_is_a_complaint() -> None:
    assert "complaint" in told("las enfermeras nos gritan", "es").intents
    assert "complaint" not in told("mi nieto grita mucho", "es").intents
