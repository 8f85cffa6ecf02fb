"""Tagalog, Haitian Creole and French: families of replies that strangers sent and that were once misread."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, Reading, Urgency, read

VISIT = {
    "tl": "May appointment po kayo sa Huwebes. I-reply ang 1 o OO para kumpirmahin, 2 para palitan, 3 para kanselahin.",
    "ht": "Ou gen randevou jedi 3 desanm. Reponn 1 oswa WI pou konfime, 2 pou chanje l, 3 pou anile l.",
    "fr": "Vous avez rendez-vous jeudi 3 décembre. Répondez 1 ou OUI pour confirmer, 2 pour reporter, 3 pour annuler.",
}
ASKED = {
    "tl breath": "Nahihirapan po ba kayong huminga? I-reply ang OO o HINDI.",
    "tl chest": "May pananakit o paninikip po ba ng dibdib? Sabihin po ang oo o hindi.",
    "tl drink": "Nakakainom po ba kayo ng tubig nang hindi isinusuka? I-reply ang OO o HINDI.",
    "ht drink": "Èske ou ka bwè ak manje nòmalman? Reponn WI oswa NON.",
    "ht flat": "Èske ou ka kouche plat san souf ou pa koupe? Reponn WI oswa NON.",
    "ht weight": "Èske pwa ou monte plis pase 2 liv depi yè? Reponn WI oswa NON.",
    "ht mood": "Nan 2 dènye semèn yo, èske ou te santi w tris oswa san espwa souvan? Reponn WI oswa NON.",
    "fr drink": "Arrivez-vous à boire et à manger normalement ? Répondez OUI ou NON.",
    "fr fever": "Vous n'avez plus de fièvre, c'est bien ça ? Répondez OUI ou NON.",
    "fr chest": "Avez-vous une douleur ou une pression dans la poitrine ? Répondez OUI ou NON.",
    "fr bleeding": "Avez-vous un saignement qui vous inquiète ? Répondez OUI ou NON.",
}
TOLD = {
    "tl ride": "May masasakyan po ba kayo papunta sa appointment sa Huwebes? I-reply ang OO o HINDI.",
    "ht help": "Èske ou gen yon moun ki ka ede w lakay ou? Reponn WI oswa NON.",
    "ht pickup": "Èske ou te pran medikaman ou yo nan famasi a? Reponn WI oswa NON.",
    "ht adherence": "Èske w ap pran medikaman ou yo jan etikèt la di a? Reponn WI oswa NON.",
    "fr ride": "Avez-vous un moyen de venir au rendez-vous du mardi 8 décembre ? Répondez OUI ou NON.",
    "fr pickup": "Avez-vous récupéré vos médicaments à la pharmacie ? Répondez OUI ou NON.",
}


def heard(about: str, text: str) -> Reading:
    language = about[:2]
    context = "symptom_yes_no" if about in ASKED else "yes_no"
    return read(text, Expectation(context, {**ASKED, **TOLD}[about]), language, None)


def alarms(found: Reading) -> list[str]:
    """What the word lists saw as urgent or worse; the second opinion is measured elsewhere."""
    grave = ("urgency:urgent", "urgency:emergency")
    return [e.rule for e in found.evidence if e.effect in grave and e.rule != "second opinion"]


@pytest.mark.parametrize(
    ("about", "text", "answer"),
    [
        ("tl breath", "hingal konti pag nagwawalis, pero pag upo ok na", "yes"),
        ("tl chest", "ano po yun hindi ko narinig pakisabi nga ulit", None),
        ("tl drink", "opo nakakaubos ng dalawang baso", "yes"),
        ("tl drink", "hndi, lahat ng inumin sinusuka ko", "no"),
        ("tl ride", "mag-uuber na lang po ako", "yes"),
        ("ht drink", "non menm yon ti gòje dlo m voye l tounen", "no"),
        ("ht drink", "wi m manje byen", "yes"),
        ("ht flat", "fòk m dòmi chita ak 4 zorye", "no"),
        ("ht weight", "balans lan moute 2 kilo depi yè maten", "yes"),
        ("ht weight", "m pran 1 liv sèlman", "no"),
        ("ht mood", "m bouke ak lavi a, m ap panse fini ak tèt mwen", "yes"),
        ("ht help", "pèsonn, m pou kont mwen nan kay la", "no"),
        ("ht help", "pitit fi m rete avè m", "yes"),
        ("ht pickup", "yo mande m 89 dola pou yon sèl bwat, m kite l la", "no"),
        ("ht adherence", "chak maten ak chak swa san manke", "yes"),
        ("fr drink", "oui comme un ogre", "yes"),
        ("fr drink", "non je vomis tout", "no"),
        ("fr fever", "si, encore 38,7 tout à l'heure", "no"),
        ("fr fever", "si un peu", None),
        ("ht drink", "non anyen pa desann", "no"),
        ("ht drink", "apeti m poko tounen", "no"),
        ("tl drink", "hindi po sinusuka ko rin", "no"),
        ("tl drink", "hindi naman po ako sumusuka", "yes"),
        ("fr chest", "ça serre un peu quand je monte l'escalier, après ça passe", "yes"),
        ("fr bleeding", "ça ne saigne plus depuis qu'on a refait le pansement", "no"),
        ("fr bleeding", "ça saigne toujours", "yes"),
        ("fr ride", "mon grand frère m'accompagne inchallah", "yes"),
        ("fr ride", "mon frère ne peut pas m'accompagner", "no"),
        ("fr pickup", "la pharmacienne dit qu'il faut une autorisation de l'assurance", "no"),
        ("fr pickup", "i no understand, en français please", None),
    ],
)
def test_what_is_asked_is_answered(about: str, text: str, answer: str | None) -> None:
    assert heard(about, text).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("tl", "nasa lobby nako", "confirm"),
        ("tl", "otw na po kaso traffic mga 10 mins late", "confirm"),
        ("tl", "pwede po ba Friday na lang? may pasok ako ng Thurs", "reschedule"),
        ("fr", "Ok pour jeudi mais c'est quelle porte?", "confirm"),
        ("fr", "Ok mais plutôt vendredi", "reschedule"),
        ("fr", "On laisse tomber le rdv, je vais chez un autre docteur", "cancel"),
        ("ht", "wi m ap la san fòt", "confirm"),
        ("ht", "jedi a pa bon pou mwen", "reschedule"),
        ("tl", "2 ay 1 pala sorry", "confirm"),
        ("fr", "je suis dans la salle d'attente", "confirm"),
    ],
)
def test_a_reminder_is_answered(language: str, text: str, answer: str) -> None:
    options = tuple(Option(str(at), label) for at, label in enumerate(("confirm", "reschedule", "cancel"), 1))
    found = read(text, Expectation("confirm_appointment", VISIT[language], options), language, None)
    assert found.answer == answer
    assert not alarms(found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("tl", "opo, lowbat lang mamamatay na cp ko"),
        ("tl", "patay na patay ako sa kdrama"),
        ("ht", "vwazin mwen an te fè estwòk lòt semèn nan fanmi l ap okipe l"),
        ("ht", "m mouri fatige aprè egzèsis yo men m kontan"),
        ("ht", "tout bagay anfòm san pwoblèm san manke"),
        ("fr", "je viens mais avec 15 min de retard"),
    ],
)
def test_ordinary_talk_is_no_alarm(language: str, text: str) -> None:
    found = read(text, Expectation(), language, None)
    assert not alarms(found)
    assert "deceased" not in found.intents


@pytest.mark.parametrize(
    ("language", "text", "urgency"),
    [
        ("tl", "mamamatay na ako tulong", Urgency.EMERGENCY),
        ("tl", "gusto ko na pong mawala, hawak ko na yung lason", Urgency.EMERGENCY),
        ("tl", "nadoble ko po yung metoprolol kanina", Urgency.URGENT),
        ("tl", "lahat ng inumin sinusuka ko", Urgency.URGENT),
        ("ht", "mari m te fè estwòk lòt semèn, kounye a bouch li kwochi", Urgency.EMERGENCY),
        ("ht", "m bliye m te bwe grenn tansyon an, m bwe l 2 fwa", Urgency.URGENT),
        ("fr", "9 je finis pas mes phrases", Urgency.EMERGENCY),
        ("fr", "appelez le 15 il respire plus", Urgency.EMERGENCY),
        ("fr", "la pharmacie est en rupture de Lovenox, j'en ai plus", Urgency.URGENT),
    ],
)
def test_a_danger_beside_it_is_seen(language: str, text: str, urgency: Urgency) -> None:
    assert read(text, Expectation(), language, None).urgency >= urgency


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("tl", "magaling na ko kaya di nyo na ko kailangan imessage", "opt_out"),
        ("tl", "sis mali ka ng na-text, di naman ako naospital", "wrong_number"),
        ("fr", "arrêtez de m'achaler avec vos textos", "opt_out"),
        ("fr", "Il n'y a pas de M. Diallo ici", "wrong_number"),
        ("fr", "elle a changé de numéro c'est plus à elle ici", "wrong_number"),
        ("fr", "vous devez faire erreur", "wrong_number"),
        ("tl", "di po ako si maria", "wrong_number"),
        ("tl", "tigilan nyo na ko kakatext", "opt_out"),
        ("tl", "tama na po itong mga text", "opt_out"),
        ("tl", "di ko po kayang bayaran yung gamot", "cost_barrier"),
        ("tl", "nadoble ko yata kaninang umaga", "medication_problem"),
        ("ht", "pa gen Jean isit la", "wrong_number"),
        ("ht", "nou mèt sispann", "opt_out"),
        ("ht", "yo mande m 89 dola pou yon sèl bwat, m kite l la", "cost_barrier"),
    ],
)
def test_what_is_wanted_is_heard(language: str, text: str, intent: str) -> None:
    assert intent in read(text, Expectation(), language, None).intents


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("ht", "anile l, m pral Ayiti", "opt_out"),
        ("ht", "m bouke ak lavi a", "opt_out"),
        ("fr", "j'ai changé de numéro, c'est bien moi", "wrong_number"),
        ("ht", "pa gen pwoblèm isit la", "wrong_number"),
        ("tl", "itigil ko na ba yung gamot", "opt_out"),
        ("tl", "hindi ako ang nagluluto", "wrong_number"),
    ],
)
def test_what_is_not_wanted_is_not_heard(language: str, text: str, intent: str) -> None:
    assert intent not in read(text, Expectation(), language, None).intents


def test_a_day_is_told_by_its_ordinal() -> None:
    asked = Expectation("dob", "Sabihin po ang petsa ng kapanganakan.")
    text = "ikalabing dalawa ng hunyo mil nobesyentos singkwentay siyete"
    assert read(text, asked, "tl", None).answer == "1957-06-12"


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [("fr", "hier 8, là 5", 5), ("fr", "8 hier et 5 maintenant", 5), ("ht", "yè se te 8 kounye a 4", 4)],
)
def test_the_number_of_today_counts(language: str, text: str, answer: int) -> None:
    assert read(text, Expectation("scale_0_10", "0 - 10 ?"), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("fr", "lundi 8h15 car l'après-midi je travaille", "1"),
        ("ht", "lendi maten paske apremidi m al chèche timoun lekòl", "1"),
        ("tl", "huwebes po kasi may trabaho ako ng lunes", "3"),
        ("fr", "lundi après-midi", "2"),
    ],
)
def test_a_reason_that_names_another_time_chooses_none(language: str, text: str, answer: str) -> None:
    starts = [
        datetime.fromisoformat(at) for at in ("2026-11-30T08:15", "2026-11-30T15:45", "2026-12-03T11:00")
    ]
    options = tuple(Option(str(at), f"{start:%H:%M}", start=start) for at, start in enumerate(starts, 1))
    found = read(
        text,
        Expectation("choose_slot", "1 2 3 ?", options),
        language,
        datetime.fromisoformat("2026-11-25T09:00"),
    )
    assert found.answer == answer
