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
