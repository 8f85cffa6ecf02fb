"""What was to be watched for and has come is told, not supposed; a question with an if stays one."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "they said call if i cant breathe, now i cant breathe"),
        ("en", "dr said call if it gets worse. now i cant breathe"),
        ("en", "you said to call if my chest hurts and it does"),
        ("en", "nurse told me to call if the bleeding wont stop, it wont stop"),
        ("es", "me dijeron que llamara si no podia respirar y no puedo respirar"),
        ("fr", "on m'a dit d'appeler si j'ai mal à la poitrine et maintenant j'ai très mal à la poitrine"),
        ("pt", "falaram pra avisar se tivesse falta de ar e agora não consigo respirar"),
        ("ru", "сказали звонить если станет хуже, теперь не могу дышать"),
        ("ar", "قالوا اتصل اذا ضاق نفسي وهلا ما عم بقدر اتنفس"),
        ("ht", "yo di m rele si m pa ka respire, kounye a m pa ka respire"),
        ("zh", "医生说喘不上气就打电话 现在我喘不上气"),
        ("es", "no tengo pistola pero si pastillas y me las voy a tomar"),
    ],
)
def test_what_came_true_is_an_emergency(language: str, text: str) -> None:
    assert read(text, Expectation("open_text", "", ()), language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "what do i do if i get chest pain and now and then it flutters",
        "if my chest hurts do i call you and if so what number",
        "should i call if my face droops and what else",
        "call if i have chest pain, got it",
        "what do i do if i have chest pain and i am alone",
        "if my chest hurts and it is at night who do i call",
    ],
)
def test_a_question_with_an_if_is_seen_by_a_person(text: str) -> None:
    reading = read(text, Expectation("open_text", "", ()), "en", None)
    assert (reading.urgency, reading.flag) == (Urgency.ROUTINE, True)


@pytest.mark.parametrize(
    ("language", "text", "flag"),
    [
        ("en", "2 im back in the hospital", True),
        ("en", "3 they admitted me last night", True),
        ("es", "no puedo, estoy en el hospital", True),
        ("fr", "je suis encore à l'hôpital", True),
        ("ko", "다시 입원했어요", True),
        ("en", "yes ill be at the hospital at 2", False),
    ],
)
def test_who_is_in_hospital_again_is_seen_by_a_person(language: str, text: str, flag: bool) -> None:
    reminder = Expectation("confirm_appointment", "Reply 1 to confirm, 2 to reschedule, 3 to cancel.", ())
    assert read(text, reminder, language, None).flag is flag


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("10 worst headache ever, came on in one second", 10),
        ("went from 8 to one", 1),
        ("one", 1),
    ],
)
def test_a_one_that_counts_something_else_is_no_pain(text: str, answer: int) -> None:
    pain = Expectation("scale_0_10", "From 0 to 10, how bad is your pain right now?", ())
    assert read(text, pain, "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("con la primera pastilla se me empezo a cerrar la garganta", Urgency.EMERGENCY),
        ("me sale pus del cateter, tiemblo mucho, la presion la tengo en 80/45", Urgency.EMERGENCY),
        ("llame al 911 me falta el aire", Urgency.EMERGENCY),
        ("ay qué susto casi me da el infarto con el teléfono", Urgency.NONE),
    ],
)
def test_spanish_dangers_and_their_doubles(text: str, urgency: Urgency) -> None:
    assert read(text, Expectation("open_text", "", ()), "es", None).urgency is urgency


def test_in_an_emergency_a_relative_named_drives_nobody_and_pain_that_goes_down_ends_no_messages() -> None:
    ride = Expectation("yes_no", "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO.", ())
    assert read("my husband just dropped on the kitchen floor, no pulse", ride, "en", None).answer is None
    told = read(
        "si como un burro parado en el pecho y me baja al brazo", Expectation("none", "", ()), "es", None
    )
    assert (told.urgency, told.intents) == (Urgency.EMERGENCY, ())
