"""What strangers write on an ordinary day, in nine languages: each family with what it must not become."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told_to

MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
NEW = "Do you have any new or worsening symptoms today? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
BIRTH = "To protect your privacy, please say your date of birth."
CHESTS = "Você está com dor ou pressão no peito? Responda SIM ou NÃO."
WEIGHED = "Você se pesou hoje de manhã? Responda SIM ou NÃO."
UNDERSTOOD = "Você entendeu as orientações da alta? Responda SIM ou NÃO."
TAKES = "Você está tomando seus remédios como diz o rótulo? Responda SIM ou NÃO."
HELPED = "¿Tiene a alguien en casa que le ayude? Responda SÍ o NO."
VISIT = "You have an appointment on Thu Dec 3 at 2:15 PM. Reply 1 to confirm, 2 to reschedule, 3 to cancel."
ACTIONS = [{"id": str(i), "label": name} for i, name in enumerate(("confirm", "reschedule", "cancel"), 1)]


@pytest.mark.parametrize(
    ("context", "prompt", "text", "lang", "answer"),
    [
        ("dob", BIRTH, "عشرين ثلاثة واحد وستين", "ar", "1961-03-20"),
        ("dob", BIRTH, "خمسة وعشرين مارس الف وتسعمية وتسعة وأربعين", "ar", "1949-03-25"),
        ("dob", BIRTH, "el veintidós de febrero no perdón de marzo del cuarenta y ocho", "es", "1948-03-22"),
        ("dob", BIRTH, "el tres de julio no perdón el dos de julio del cincuenta", "es", "1950-07-02"),
        ("yes_no", HELPED, "mi esposo murio en mayo pero vive conmigo mi nuera", "es", "yes"),
        ("yes_no", HELPED, "mi esposo murio y vivo sola", "es", "no"),
        ("symptom_yes_no", CHESTS, "não, só a cicatriz que puxa um pouco", "pt", "no"),
        ("yes_no", TAKES, "tomo um dia sim um dia não pra render", "pt", "no"),
        ("yes_no", WEIGHED, "não tenho balança em casa", "pt", "no"),
        ("yes_no", WEIGHED, "pesei 71 kg", "pt", "yes"),
        ("yes_no", UNDERSTOOD, "entendi foi nada daquela letra kkk", "pt", "no"),
        ("yes_no", RIDE, "ان شاء الله ابني بيوديني", "ar", "yes"),
        ("confirm_appointment", VISIT, "+", "ru", "confirm"),
        ("confirm_appointment", VISIT, "nesse dia n rola, semana q vem?", "pt", "reschedule"),
    ],
)
def test_answers(context: str, prompt: str, text: str, lang: str, answer: str) -> None:
    assert told_to(context, prompt, text, lang).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text", "lang", "urgency"),
    [
        (NEW, "свекровь выпила все свои таблетки от давления, лежит не отвечает", "ru", "emergency"),
        (NEW, "выпила все свои таблетки утром, все хорошо", "ru", "none"),
        (RIDE, "мама в больнице с пятницы, в реанимации", "ru", "none"),
        (RIDE, "маму везут в реанимацию", "ru", "emergency"),
        (RIDE, "زوجي يؤذيني", "ar", "emergency"),
        (RIDE, "ابني بيوديني", "ar", "none"),
        (MOOD, "какая тоска, внучка родилась)) нет", "ru", "none"),
        (MOOD, "тоска такая, жить не хочется", "ru", "emergency"),
        (MOOD, "lespri m pa fin bon non", "ht", "routine"),
        (MOOD, "小孙女天天逗我，哪有空难过", "zh", "none"),
        (NEW, "엄마가 정신이 없어요 횡설수설해요", "ko", "emergency"),
    ],
)
def test_urgency(prompt: str, text: str, lang: str, urgency: str) -> None:
    assert told_to("symptom_yes_no", prompt, text, lang).urgency.label == urgency


@pytest.mark.parametrize(
    ("text", "lang", "intent", "found"),
    [
        ("ese señor ya no vive aqui, este cel es mio", "es", "deceased", False),
        ("ya no vive", "es", "deceased", True),
        ("الجهاز مات يبي له بطارية", "ar", "deceased", False),
        ("مات امس", "ar", "deceased", True),
        ("هذا رقم محل حلاقة يا اخي", "ar", "wrong_number", True),
        ("non, lanmò poko pare pou mwen lol", "ht", "deceased", False),
        ("namatay po ang pasyente nung isang taon", "tl", "deceased", True),
    ],
)
def test_intents(text: str, lang: str, intent: str, found: bool) -> None:
    assert (intent in told_to("yes_no", RIDE, text, lang).intents) == found
