"""What was there and is over, who has it instead, and a "no" that is none: French, Portuguese, Kreyòl, Tagalog."""

from __future__ import annotations

import pytest

from app.understanding.engine import read
from app.understanding.reading import Expectation, Urgency

_BREATH = {
    "fr": "Avez-vous du mal à respirer ? Répondez OUI ou NON.",
    "pt": "Tem sentido falta de ar, parado ou quando anda? Diga sim ou não.",
    "ht": "Èske ou gen pwoblèm pou respire? Reponn WI oswa NON.",
    "tl": "Kinakapos po ba kayo ng hininga o hinihingal ngayon? Pakisagot ng oo o hindi.",
}
_FEVER = {
    "fr": "Avez-vous pris votre température : est-elle montée au-dessus de 38 ? Dites oui ou non.",
    "pt": "O termómetro passou dos 38 nos últimos dias? Diga sim ou não.",
    "tl": "Nilagnat o giniginaw po ba kayo mula nang makauwi? I-reply ang OO o HINDI.",
}
_RIDE = {
    "fr": "Est-ce que quelqu'un peut vous conduire à la clinique jeudi ? Dites oui ou non.",
    "pt": "Alguém pode trazer o senhor ou a senhora na quinta-feira? Diga sim ou não.",
    "ht": "Èske gen yon moun k ap mennen w nan klinik la jedi? Tanpri di wi oswa non.",
    "tl": "May masasakyan po ba kayo papunta sa appointment ninyo sa Huwebes? I-reply ang OO o HINDI.",
}
_PICKUP = {
    "fr": "Avez-vous récupéré vos médicaments à la pharmacie ? Répondez OUI ou NON.",
    "pt": "O senhor já levantou na farmácia os medicamentos? Diga sim ou não.",
    "ht": "Èske ou pran medikaman ou yo nan famasi a? Reponn WI oswa NON.",
    "tl": "Nabili na po ba ninyo ang mga inireseta sa inyo? Pakisabi ang oo o hindi.",
}
_WOUND = {
    "pt": "Seu corte está vermelho, quente, inchado ou com secreção? Responda SIM ou NÃO.",
    "ht": "Èske plè a wouj, cho, anfle oswa gen likid k ap soti ladan l? Reponn WI oswa NON.",
}
_BETTER = {
    "fr": "Vous sentez-vous mieux qu'hier ? Répondez OUI ou NON.",
    "ht": "Èske ou santi w pi byen pase yè? Reponn WI oswa NON.",
    "tl": "Gumaganda po ba ang lagay ninyo kumpara kahapon? Oo o hindi po.",
}


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "hier oui, auj non", "no"),
        ("fr", "oui hier, mais maintenant plus fort", "yes"),
        ("pt", "isso foi no sabado, ja normalizou", "no"),
        ("pt", "isso foi ontem, agora não consigo respirar", "yes"),
        ("ht", "yè wi, jodi a anyen", "no"),
        ("ht", "wi koulye a m pa ka respire", "yes"),
        ("tl", "kahapon meron, ngayong araw hindi na umatake", "no"),
        ("ht", "se mari m ki fè opresyon, pa mwen", "no"),
        ("fr", "c'est ma femme l'asthmatique, pas moi", "no"),
        ("tl", "si mister ang may hika hindi ho ako", "no"),
        ("tl", "si mister ang may hika pero hirap din ako huminga", "yes"),
        ("pt", "falta de ar nenhuma fui à missa e voltei a pé", "no"),
        ("fr", "jarrive plus a reprendre mon soufle", "yes"),
    ],
)
def test_what_is_over_or_another_has_is_a_no(language: str, text: str, answer: str) -> None:
    assert read(text, Expectation("symptom_yes_no", _BREATH[language]), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text"),
    [("pt", "oiça-me eu nem consigo acabar uma frase"), ("ht", "m pa menm ka fini yon fraz")],
)
def test_who_cannot_finish_a_sentence_is_in_danger(language: str, text: str) -> None:
    found = read(text, Expectation("symptom_yes_no", _BREATH[language]), language, None)
    assert found.answer == "yes"
    assert found.urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "alors hier soir trente-huit sept et ce matin trente-huit trois", "yes"),
        ("fr", "trente-sept deux", "no"),
        ("pt", "passou passou foi aos trinta e nove na terça", "yes"),
        ("pt", "anda sempre nos trinta e seis e pouco", "no"),
        ("tl", "yung bunso ko ang nilalagnat, ako e malamig ang noo", "no"),
        ("tl", "anak ko ang may lagnat, ako din nilalagnat", "yes"),
    ],
)
def test_a_temperature_said_in_words_is_measured(language: str, text: str, answer: str) -> None:
    assert read(text, Expectation("symptom_yes_no", _FEVER[language]), language, None).answer == answer


def test_a_slight_temperature_that_the_patient_calls_a_fever_is_no_no() -> None:
    found = read("sinat lang po 37.9, pabalik balik", Expectation("symptom_yes_no", _FEVER["tl"]), "tl", None)
    assert found.answer != "no"


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "pas de souci c'est mon mari qui prend sa journée", "yes"),
        ("fr", "pas de voiture, pas de mari", "no"),
        ("fr", "ma fille devait mais elle vient de se casser le pied", "no"),
        ("pt", "não se preocupe que eu já combinei com o vizinho", "yes"),
        ("pt", "não se preocupe, não tenho como ir", "no"),
        ("ht", "pa enkyete w pastè a ap pase chèche m", "yes"),
        ("tl", "naka-duty lahat ng anak ko nun, walang magdadala sakin", "no"),
        ("tl", "di ko pa sure itatanong ko muna sa pamangkin ko", None),
        ("pt", "ainda vou falar com minha sobrinha pra ver se da", None),
    ],
)
def test_no_worries_is_no_no(language: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", _RIDE[language]), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "non non ne vous en faites pas j'ai absolument tout", "yes"),
        ("fr", "ne vous inquiétez pas j'irai demain", "no"),
        ("fr", "quelle pharmacie ? on m'a rien dit", None),
        ("pt", "pois ainda não a minha nora vai lá amanhã", "no"),
        ("ht", "non pa gen pwoblèm mwen gen tout bagay", "yes"),
        ("ht", "nan ki famasi nou voye l", None),
    ],
)
def test_what_was_fetched_is_told(language: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", _PICKUP[language]), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("pt", "Vermelho nao, mas inchado ta e MUITO", "yes"),
        ("pt", "não está vermelho nem inchado", "no"),
        ("ht", "li pa wouj men li anfle", "yes"),
    ],
)
def test_of_a_wound_one_thing_of_several_is_enough(language: str, text: str, answer: str) -> None:
    assert read(text, Expectation("symptom_yes_no", _WOUND[language]), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "pas encore la forme mais ça remonte", "yes"),
        ("fr", "pas encore la forme et ça va pas mieux", "no"),
        ("fr", "moi j'allais mieux avant-hier depuis ça redescend", "no"),
        ("fr", "jpeux pas me plaindre, sa va bcp mieu", "yes"),
        ("ht", "Ayayay yè te pi bon pou mwen", "no"),
        ("tl", "hindi na po ako hirap gaya kahapon", "yes"),
        ("tl", "hindi na po ako okay", "no"),
    ],
)
def test_then_is_set_against_now(language: str, text: str, answer: str) -> None:
    assert read(text, Expectation("yes_no", _BETTER[language]), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text"),
    [("pt", "as fezes andam pretas como alcatrão"), ("tl", "itim na malagkit ang dumi ko dalawang araw na")],
)
def test_black_stools_are_urgent(language: str, text: str) -> None:
    assert read(text, Expectation(), language, None).urgency >= Urgency.URGENT


CHEST_PAIN = "Are you having any chest pain or pressure? Reply YES or NO."


@pytest.mark.parametrize(
    ("language", "text", "urgency"),
    [
        ("en", "had chest pain last night for 20 minutes, gone now", Urgency.URGENT),
        ("en", "it happened last night for like 20 min then went away, nothing today", Urgency.URGENT),
        ("es", "me dio anoche como 20 min, se me paso solo y hoy nada", Urgency.URGENT),
        ("fr", "j'ai eu mal à la poitrine hier soir, c'est passé", Urgency.URGENT),
        ("ko", "어젯밤에 가슴이 아팠는데 지금은 괜찮아요", Urgency.URGENT),
        ("en", "chest pain is gone", Urgency.NONE),
        ("en", "no, slept fine last night", Urgency.NONE),
        ("en", "no pain yesterday or today", Urgency.NONE),
        ("es", "no, anoche dormi bien", Urgency.NONE),
    ],
)
def test_a_danger_of_last_night_is_seen_the_same_day(language: str, text: str, urgency: Urgency) -> None:
    reading = read(text, Expectation("symptom_yes_no", CHEST_PAIN, ()), language, None)
    assert (reading.urgency, reading.flag) == (urgency, urgency is Urgency.URGENT)
