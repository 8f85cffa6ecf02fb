"""French, Creole, Portuguese and Arabic: dangers told in lay words, and words of danger that are none."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

FREE = Expectation("open_text")
NONE = Expectation("none")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "ma fille de 3 ans vient d'avaler mes comprimés pour le coeur je sais pas combien"),
        ("fr", "ma nièce de 4 ans a croqué des pastilles de lave-vaisselle"),
        ("fr", "plus d'espoir, les cachets sont devant moi"),
        ("fr", "les idées noires c'est fini, ce soir je passe à l'acte"),
        ("fr", "c'est pas le moment ma fille a bu de la javel"),
        ("ht", "m respire byen men bra m ak janm mwen bò gòch vin mou depi maten"),
        ("pt", "não é hora de mensagem meu filho engoliu uma pilha"),
        ("pt", "me falta o ar, não consigo falar"),
        ("ar", "ما عاد في فايدة، الحبوب كلها قدامي والليلة بخلص"),
        ("fr", "on dirait qu'on me marche sur le thorax et je suis en nage"),
        ("ht", "m pran dis grenn olye youn"),
        ("pt", "tô me cortando"),
        ("ar", "ما بقدر قول كلمتين بدون ما اقطع نفسي"),
        ("ar", "مو وقت مواعيد بنتي الصغيرة شربت مبيد حشرات"),
    ],
)
def test_danger(language: str, text: str) -> None:
    assert read(text, FREE, language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "ma fille de 6 ans a bu son sirop et dort bien"),
        ("fr", "les idées noires c'est fini depuis qu'on a changé le traitement"),
        ("fr", "si je monte à 39 de fièvre ce weekend, je vais aux urgences ou je vous appelle ?"),
        ("fr", "en retard car accident mortel sur le périph"),
        ("fr", "les cachets sont devant moi je les prends avec le petit déj"),
        ("pt", "só me falta o ar quando vejo o preço da gasolina"),
        ("pt", "se começar a sangrar de madrugada vou direto pro pronto-socorro?"),
        ("ar", "جبتها والصيدلي خنقني بالاسئلة ههههه"),
        ("ar", "احسن بكثير بس رح انجلط من اخبار الكورة"),
    ],
)
def test_no_danger(language: str, text: str) -> None:
    assert read(text, FREE, language, None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("language", "text", "intent", "there"),
    [
        ("fr", "merci de me retirer de votre liste d'envoi", "opt_out", True),
        ("fr", "depuis le décès de ma femme je n'ai plus personne pour m'emmener", "deceased", False),
        ("fr", "monsieur est décédé hier", "deceased", True),
        ("ht", "te gen lanmò nan fanmi an m te nan antèman", "deceased", False),
        ("ht", "se papa m ki te mouri ak maladi kè", "deceased", False),
        ("pt", "depois da morte da minha mãe fiquei sem carona", "deceased", False),
    ],
)
def test_who_has_died_and_who_wants_no_more(language: str, text: str, intent: str, there: bool) -> None:
    assert (intent in read(text, NONE, language, None).intents) is there


PT_BREATH = "Você está com dificuldade para respirar? Responda SIM ou NÃO."
FR_RIDE = "Avez-vous un moyen de transport pour votre rendez-vous du jeudi 3 décembre ? Répondez OUI ou NON."
PT_TIME = "Aqui é a Riverside Health. É um bom momento para algumas perguntas? Responda SIM ou NÃO."
AR_DIZZY = "هل شعرت بدوخة اليوم؟ أجب بنعم أو لا."


@pytest.mark.parametrize(
    ("language", "context", "prompt", "text", "answer"),
    [
        ("pt", "symptom_yes_no", PT_BREATH, "tudo ok", "no"),
        ("pt", "symptom_yes_no", PT_BREATH, "tudo ok não, tô com falta de ar", "yes"),
        ("pt", "yes_no", PT_TIME, "acabei de almoçar", "yes"),
        ("pt", "yes_no", PT_TIME, "estou almoçando", "no"),
        ("fr", "yes_no", FR_RIDE, "je comptais sur ma fille mais elle est de garde", "no"),
        ("fr", "yes_no", FR_RIDE, "je compte sur ma fille", "yes"),
        ("ar", "symptom_yes_no", AR_DIZZY, "دخت مرة بالمستشفى ومن يومها ما رجعت", "no"),
    ],
)
def test_answers(language: str, context: str, prompt: str, text: str, answer: str) -> None:
    assert read(text, Expectation(context, prompt), language, None).answer == answer
