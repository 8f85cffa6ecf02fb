"""Words of danger, death or refusal that are told by the way: of bills, of walls, of a date, of somebody's aunt."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told_to

BREATH = "Are you having any trouble breathing? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
TAKING = "Are you taking your medicines the way the label says? Reply YES or NO."
HELP = "Do you have someone at home who can help you? Reply YES or NO."
KEEP = "Do you want to keep getting these messages? Reply YES or NO."
PRESSURE = "Were you able to check your blood pressure today? Reply YES or NO."
WINDED = "On a scale of 0 to 10, how short of breath are you right now? (0 = not at all)"
BIRTH = "To protect your privacy, please reply with your date of birth (MM/DD/YYYY)."
VISIT = (
    "Riverside Clinic: You have an appointment with Dr. Patel on Thu Dec 3 at 2:15 PM. "
    "Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."
)
CITA = (
    "Clínica Riverside: Tiene cita con el Dr. Herrera el martes 8 de diciembre a las 10:30 a.m. "
    "Responda 1 o SÍ para confirmar, 2 para cambiarla, 3 para cancelarla."
)
AYUDA = "¿Tiene quien le ayude en casa? Responda SÍ o NO."
OXIGENO = "¿Ya le entregaron el oxígeno en su casa? Responda SÍ o NO."
SEGUIR = "¿Quiere seguir recibiendo estos mensajes? Responda SÍ o NO."
NUEVO = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
TOMA = "¿Está tomando sus medicinas como dice la etiqueta? Responda SÍ o NO."
ACTIONS = [{"id": str(i), "label": name} for i, name in enumerate(("confirm", "reschedule", "cancel"), 1)]


@pytest.mark.parametrize(
    ("context", "prompt", "text", "lang", "answer", "urgency"),
    [
        ("dob", BIRTH, "08-02-61", "en", "1961-08-02", "none"),
        ("dob", BIRTH, "o2 84 born 8/2/61", "en", "1961-08-02", "emergency"),
        ("yes_no", TAKING, "took the whole weeks pillbox at once tonight", "en", None, "emergency"),
        ("symptom_yes_no", BREATH, "its me suffocating under his paperwork", "en", None, "none"),
        ("symptom_yes_no", BREATH, "suffocating in my sleep under the blankets", "en", "yes", "emergency"),
        ("symptom_yes_no", MOOD, "the only thing depressing is Cowboys football", "en", "no", "none"),
        ("symptom_yes_no", MOOD, "sick of seeing my kids suffer, i want to die", "en", "yes", "emergency"),
        ("yes_no", HELP, "my 2 teenagers so... technically", "en", "yes", "none"),
        ("yes_no", PRESSURE, "118/74", "en", "yes", "none"),
        ("yes_no", PRESSURE, "no, last week it was 118/74", "en", "no", "none"),
        ("scale_0_10", WINDED, "8. was 3 yesterday", "en", 8, "urgent"),
        (
            "confirm_appointment",
            VISIT,
            "yes but need help from the car w my wheelchair",
            "en",
            "confirm",
            "none",
        ),
        ("confirm_appointment", VISIT, "yes but need a different time", "en", "reschedule", "none"),
        ("confirm_appointment", CITA, "ahí estaré aunque sea arrastrándome jaja", "es", "confirm", "none"),
        ("confirm_appointment", CITA, "2... no espere, mejor la dejo así. Sí voy", "es", "confirm", "none"),
        ("yes_no", AYUDA, "mi señora y mi cuñada, no me dejan ni pararme jaja", "es", "yes", "none"),
        ("yes_no", AYUDA, "los mareos no me dejan ni pararme", "es", "no", "routine"),
        ("yes_no", OXIGENO, "No ha llegado y el tanque que traje me dura unas horas", "es", "no", "urgent"),
        ("symptom_yes_no", NUEVO, "me pegó mi esposo, y me pego la gripe", "es", "yes", "emergency"),
        ("symptom_yes_no", NUEVO, "me pegó la monga", "es", None, "none"),
    ],
)
def test_read_rightly(context: str, prompt: str, text: str, lang: str, answer: object, urgency: str) -> None:
    got = told_to(context, prompt, text, lang)
    assert (got.answer, got.urgency.label) == (answer, urgency)


@pytest.mark.parametrize(
    ("context", "prompt", "text", "lang", "intent", "found"),
    [
        (
            "open_text",
            "How are you feeling today?",
            "miss my husband. he died in 09",
            "en",
            "deceased",
            False,
        ),
        ("none", "", "the man yall keep texting been buried since August", "en", "deceased", True),
        ("none", "", "stop texting since Ed died", "en", "deceased", True),
        ("confirm_appointment", CITA, "se murió mi suegra, póngame otro día", "es", "deceased", False),
        ("none", "", "murio mi tia que recibia estos mensajes", "es", "deceased", True),
        ("yes_no", KEEP, "no thanks", "en", "opt_out", True),
        ("yes_no", KEEP, "no problem keep them coming", "en", "opt_out", False),
        ("yes_no", SEGUIR, "no, ya no", "es", "opt_out", True),
        ("yes_no", SEGUIR, "no hay problema sigan mandandolos", "es", "opt_out", False),
        (
            "yes_no",
            TOMA,
            "sí, las dejo en la mesa pa que no se me olviden",
            "es",
            "medication_problem",
            False,
        ),
        ("yes_no", TOMA, "las dejo en la mesa y no las tomo", "es", "medication_problem", True),
        ("none", "", "dog ate my blood pressure pills, need more", "en", "medication_problem", True),
        ("yes_no", TAKING, "yes, every morning like the nurse showed me", "en", "wants_human", False),
    ],
)
def test_intent(context: str, prompt: str, text: str, lang: str, intent: str, found: bool) -> None:
    assert (intent in told_to(context, prompt, text, lang).intents) is found
