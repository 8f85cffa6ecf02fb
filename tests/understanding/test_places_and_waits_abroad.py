"""Families strangers showed: a place named before a reason, hours of waiting, who does not answer, one's own stops."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, Urgency, read
from tests.understanding.telling import told, told_to

SLOTS = Expectation(
    "choose_slot",
    "Which of these times works? 1) Mon Nov 30 8:15 AM 2) Mon Nov 30 3:45 PM 3) Thu Dec 3 11:00 AM 4) none of these",
    (
        Option("1", "Mon Nov 30 8:15 AM", start=datetime.fromisoformat("2026-11-30T08:15")),
        Option("2", "Mon Nov 30 3:45 PM", start=datetime.fromisoformat("2026-11-30T15:45")),
        Option("3", "Thu Dec 3 11:00 AM", start=datetime.fromisoformat("2026-12-03T11:00")),
        Option("4", "none of these", none=True),
    ),
)
FEVER = "Have you had a fever or chills since you came home? Reply YES or NO."
BREATH = "Are you having any trouble breathing? Reply YES or NO."
BLEEDS = "Any bleeding that worries you? Reply YES or NO."
TAKES = "Are you taking your medicines the way the label says? Reply YES or NO."
VISIT = "You have an appointment on Thu Dec 3 at 2:15 PM. Reply 1 to confirm, 2 to reschedule, 3 to cancel."


@pytest.mark.parametrize(
    ("text", "lang", "answer"),
    [
        ("первый вариант, в четверг муж на машине", "ru", "1"),
        ("первый не могу, в четверг смогу", "ru", "3"),
        ("третий, в четверг", "ru", "3"),
        ("the second one, monday i babysit", "en", "2"),
        ("premye opsyon an, jedi mari m gen machin nan", "ht", "1"),
        ("第一个，周四我先生要用车", "zh", "1"),
        ("cái đầu tiên, thứ năm chồng tôi bận", "vi", "1"),
        ("yung una po, sa huwebes may pasok ako", "tl", "1"),
        ("pumunta ako, 3 oras akong naghintay", "tl", None),
        ("지난번에 세 시간 기다렸어요", "ko", None),
        ("m te vini, m te tann 2 zè", "ht", None),
        ("ni youn ni lòt", "ht", "4"),
        ("لا هذا ولا هذا", "ar", "4"),
        ("이것도 저것도 안 돼요", "ko", "4"),
    ],
)
def test_chosen(text: str, lang: str, answer: str | None) -> None:
    assert read(text, SLOTS, lang, datetime.fromisoformat("2026-11-25T09:00")).answer == answer


@pytest.mark.parametrize(
    ("context", "prompt", "text", "lang", "answer"),
    [
        ("symptom_yes_no", FEVER, "m pa gen tèmomèt men m pa santi m cho", "ht", "no"),
        ("symptom_yes_no", FEVER, "m pa gen tèmomèt men m santi m cho", "ht", "yes"),
        ("symptom_yes_no", BREATH, "아니 그게 숨이 차서 두 마디도 못 잇겠어요", "ko", "yes"),
        ("symptom_yes_no", BREATH, "아니 괜찮아요", "ko", "no"),
        ("symptom_yes_no", BLEEDS, "se règ mwen sèlman", "ht", "no"),
        ("symptom_yes_no", BLEEDS, "只是来月经", "zh", "no"),
        ("yes_no", TAKES, "thuốc giảm đau bác sĩ cho ngưng rồi, mấy thứ kia uống đủ", "vi", "yes"),
        ("yes_no", TAKES, "bác sĩ cho thuốc mà tôi ngưng uống rồi", "vi", "no"),
        ("confirm_appointment", VISIT, "Tama na, ayoko na ng mga text nyo", "tl", None),
        ("confirm_appointment", VISIT, "1 打错了 2", "zh", "reschedule"),
    ],
)
def test_answered(context: str, prompt: str, text: str, lang: str, answer: str | None) -> None:
    assert told_to(context, prompt, text, lang).answer == answer


@pytest.mark.parametrize(
    ("text", "lang", "emergency"),
    [
        ("номер для записи не отвечает, есть другой?", "ru", False),
        ("муж не отвечает", "ru", True),
        ("số đặt hẹn không trả lời, có số khác không", "vi", False),
        ("ba tôi kêu không trả lời", "vi", True),
        ("di sumasagot yung number nyo, meron pa bang iba", "tl", False),
        ("hindi sumasagot si nanay", "tl", True),
        ("mwen pa santi kò m cho", "ht", False),
        ("mwen pa santi bò gòch mwen", "ht", True),
    ],
)
def test_emergency(text: str, lang: str, emergency: bool) -> None:
    assert (told(text, lang).urgency is Urgency.EMERGENCY) is emergency


@pytest.mark.parametrize(
    ("text", "lang", "intent", "found"),
    [
        ("не пишите и не звоните сюда больше, тут живут другие люди", "ru", "opt_out", True),
        ("не пишите и не звоните сюда больше, тут живут другие люди", "ru", "wrong_number", True),
        ("не пишите, звоните", "ru", "opt_out", False),
        ("đừng gửi giờ sáng nữa, tôi lấy giờ chiều", "vi", "opt_out", False),
        ("đừng gửi nữa", "vi", "opt_out", True),
        ("мамы 40 дней как нет, а вы её всё на приём зовёте", "ru", "deceased", True),
        ("сына неделю как нет дома", "ru", "deceased", False),
        ("m kriye anpil depi pitit mwen an mouri", "ht", "deceased", False),
        ("di po si doc to?", "tl", "wrong_number", False),
        ("打错字了", "zh", "wrong_number", False),
        ("ndi po c Rogelio to", "tl", "wrong_number", True),
        ("그거 약 목록 다시 보내주세요", "ko", "opt_in", False),
        ("예전에 문자 끊었는데 다시 받아볼 수 있을까요", "ko", "opt_in", True),
        ("Medi-Cal của tôi bị cắt rồi", "vi", "insurance_barrier", True),
        ("能不能找个会讲广东话的人跟我说", "zh", "wants_human", True),
        ("항생제 하나가 없다고 모레 온대요", "ko", "medication_problem", True),
    ],
)
def test_intents(text: str, lang: str, intent: str, found: bool) -> None:
    assert (intent in told(text, lang).intents) is found


def test_who_asks_to_be_answered_is_seen() -> None:
    assert told("الو الو ردوا علي ضروري الله يخليكم", "ar").flag
    assert told("喂喂快点回我", "zh").flag
