"""What strangers write on an ordinary day in Spanish, Portuguese and French: each family with its double."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told_to

FEVER = "¿Ha tenido fiebre o escalofríos desde que volvió a casa? Responda SÍ o NO."
BLEEDS = "¿Tiene algún sangrado que le preocupe? Responda SÍ o NO."
SAIGNE = "Avez-vous un saignement qui vous inquiète ? Répondez OUI ou NON."
HELPED = "¿Tiene quien le ayude en casa? Responda SÍ o NO."
AJUDA = "Alguém fica com você em casa à noite? Responda SIM ou NÃO."
LEGS = "Suas pernas ou pés estão inchados? Responda SIM ou NÃO."
AR = "Você está com dificuldade para respirar? Responda SIM ou NÃO."
CHEST = "¿Tiene dolor o presión en el pecho? Responda SÍ o NO."
NUEVO = "¿Tiene algún síntoma nuevo o que haya empeorado hoy? Responda SÍ o NO."
RDV = "Vous avez rendez-vous le 3 décembre à 14h15. Répondez 1 pour confirmer, 2 reporter, 3 annuler."


@pytest.mark.parametrize(
    ("context", "prompt", "text", "lang", "answer"),
    [
        ("yes_no", HELPED, "mi marido murió en abril, ahora me cuida mi hija", "es", "yes"),
        ("yes_no", HELPED, "mi marido murió, él me ayudaba", "es", "no"),
        ("symptom_yes_no", FEVER, "no, pero si me sube a 39 que me tomo", "es", "no"),
        ("symptom_yes_no", FEVER, "no pero si me siento caliente", "es", "yes"),
        ("symptom_yes_no", BLEEDS, "tantito al cepillarme los dientes pero no me asusta", "es", "no"),
        ("symptom_yes_no", BLEEDS, "tantito al cepillarme", "es", "yes"),
        ("symptom_yes_no", SAIGNE, "un bleu où ils m'ont piqué", "fr", "no"),
        ("yes_no", AJUDA, "moro só eu e Deus", "pt", "no"),
        ("yes_no", AJUDA, "minha neta dorme comigo", "pt", "yes"),
        ("symptom_yes_no", LEGS, "o direito ta uma bola, vermelho e quente, o outro normal", "pt", "yes"),
        ("symptom_yes_no", LEGS, "tudo normal", "pt", "no"),
        ("symptom_yes_no", AR, "nãooo tou respirando numa boa", "pt", "no"),
        ("yes_no", AJUDA, "meu marido morreu em maio, agora minha filha me ajuda", "pt", "yes"),
        ("confirm_appointment", RDV, "il est annulé ou pas ?", "fr", None),
        ("confirm_appointment", RDV, "annulé", "fr", "cancel"),
        ("confirm_appointment", RDV, "ah non pardon faut que je décale", "fr", "reschedule"),
        ("confirm_appointment", RDV, "quítenme de la lista de ese día", "es", "cancel"),
    ],
)
def test_answers(context: str, prompt: str, text: str, lang: str, answer: str | None) -> None:
    assert told_to(context, prompt, text, lang).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text", "lang", "called"),
    [
        (NUEVO, "los martes no me dejan salir temprano del trabajo", "es", False),
        (NUEVO, "mi esposo no me deja salir de la casa", "es", True),
        (NUEVO, "sin aliento me dejó la factura", "es", False),
        (NUEVO, "me quedé sin aliento y me duele el pecho", "es", True),
        (CHEST, "no no me duele el pecho lo que me duele es la cadera", "es", False),
        (CHEST, "me duele el pecho lo que me duele es fuerte", "es", True),
        (NUEVO, "eso es privado", "es", False),
        (NUEVO, "mi papá está privado en el piso", "es", True),
        (NUEVO, "el oxígeno no y me queda un tanque", "es", False),
        (NUEVO, "el oxígeno no y me queda poco aire", "es", True),
        (AR, "segunda não me deixam sair do serviço", "pt", False),
        (AR, "meu marido não me deixa sair de casa", "pt", True),
        (SAIGNE, "on me laisse pas sortir du travail", "fr", False),
        (SAIGNE, "mon mari me laisse pas sortir", "fr", True),
        (SAIGNE, "je veux plus continuer à recevoir ça", "fr", False),
        (SAIGNE, "je veux plus continuer", "fr", True),
        (AR, "não quero mais continuar recebendo isso", "pt", False),
        (AR, "não quero mais continuar", "pt", True),
        (AR, "não tou respirando", "pt", True),
        (AR, "não tou respirando de boa", "pt", True),
        (SAIGNE, "ça va si je bouge pas", "fr", False),
        (SAIGNE, "si on le secoue il bouge pas", "fr", True),
    ],
)
def test_emergencies(prompt: str, text: str, lang: str, called: bool) -> None:
    assert (told_to("symptom_yes_no", prompt, text, lang).urgency.label == "emergency") == called


@pytest.mark.parametrize(
    ("text", "lang", "intent", "found"),
    [
        ("quítenme de la lista de ese lunes", "es", "opt_out", False),
        ("quítenme de la lista de mensajes", "es", "opt_out", True),
        ("no paren los avisos que me ayudan", "es", "opt_out", False),
        ("no, paren los avisos", "es", "opt_out", True),
        ("yo sí quiero que me sigan recordando", "es", "opt_in", True),
        ("no quiero que me sigan recordando", "es", "opt_in", False),
        ("não consigo sair do serviço a essa hora", "pt", "opt_out", False),
        ("quero sair do serviço", "pt", "opt_out", True),
        ("me tira dessa metformina", "pt", "opt_out", False),
        ("me tira dessa lista", "pt", "opt_out", True),
        ("o remédio só chega amanhã", "pt", "opt_out", False),
        ("me tira da lista desse dia", "pt", "opt_out", False),
        ("retirez-moi de la liste de ce jour-là", "fr", "opt_out", False),
        ("retirez-moi de la liste", "fr", "opt_out", True),
        ("je veux plus continuer à recevoir ça", "fr", "opt_out", True),
        ("moi je veux continuer à recevoir", "fr", "opt_in", True),
        ("supprimez mon 07 de vos fichiers", "fr", "opt_out", True),
        ("mon papa a rejoint maman au ciel", "fr", "deceased", True),
        ("mon frère a rejoint ma fille à Lyon", "fr", "deceased", False),
        ("mi mami se fue al cielo ayer", "es", "deceased", True),
        ("mi perrita se fue al cielo", "es", "deceased", False),
        ("mi papá, don Luis, murió el lunes", "es", "deceased", True),
        ("soy alérgica a la sulfa y me recetaron bactrim", "es", "medication_problem", True),
        ("soy alérgica a los gatos y me dieron cita", "es", "medication_problem", False),
        ("a receita venceu", "pt", "medication_problem", True),
        ("l'ordonnance est expirée", "fr", "medication_problem", True),
        ("me dejan en espera y me cuelgan", "es", "complaint", True),
        ("o médico da noite gritou com a minha mãe", "pt", "complaint", True),
        ("l'infirmier de nuit a crié sur ma mère", "fr", "complaint", True),
        ("faut que je décale", "fr", "question", False),
        ("c'est maintenu ou pas", "fr", "question", True),
    ],
)
def test_intents(text: str, lang: str, intent: str, found: bool) -> None:
    assert (intent in told_to("none", "", text, lang).intents) == found
