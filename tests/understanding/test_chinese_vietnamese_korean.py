"""Chinese, Vietnamese and Korean: parts of words, effort and rest, bare denials and facts that were misread."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Reading, Urgency, read

NOW = datetime.fromisoformat("2026-11-27T11:00")
CHEST = Expectation("symptom_yes_no", "Are you having any chest pain or pressure? Reply YES or NO.")
BREATH = Expectation("symptom_yes_no", "Are you having any trouble breathing? Reply YES or NO.")
BLEEDS = Expectation("symptom_yes_no", "Any bleeding that worries you? Reply YES or NO.")
SICK = Expectation("symptom_yes_no", "Any nausea or vomiting that keeps you from eating? Reply YES or NO.")
NEW = Expectation("symptom_yes_no", "Do you have any new or worsening symptoms today? Reply YES or NO.")
MOOD = Expectation(
    "symptom_yes_no",
    "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO.",
)
FETCHED = Expectation("yes_no", "Did you pick up your medicines from the pharmacy? Reply YES or NO.")
TAKES = Expectation("yes_no", "Are you taking your medicines the way the label says? Reply YES or NO.")
BOOKED = Expectation("yes_no", "Do you have a follow-up visit booked with your doctor? Reply YES or NO.")
RIDE = Expectation("yes_no", "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO.")
CLEAR = Expectation("yes_no", "Do you understand your discharge instructions? Reply YES or NO.")


def _read(text: str, expectation: Expectation, language: str) -> Reading:
    return read(text, expectation, language, NOW)


@pytest.mark.parametrize(
    ("text", "expectation", "language"),
    [
        # "Bother" and "guest" hold the sign for numb and for hand: parts of words deny nothing.
        ("麻烦给我打电话", CHEST, "zh"),
        ("我不小心按错了", BREATH, "zh"),
        ("엄마 쓰레기 버리러 가심", BREATH, "ko"),
        ("연락 부탁 사회복지사님", MOOD, "ko"),
        # That rest ends it says that it comes with effort: no denial, though it names nothing.
        ("坐下来就没事", BREATH, "zh"),
        ("ngồi nghỉ là hết", BREATH, "vi"),
        # A refusal to write or to talk of it is no no.
        ("不方便打字，我在公交上", CHEST, "zh"),
        ("không tiện nhắn, đang trên xe buýt", CHEST, "vi"),
        ("能不能吃荔枝", SICK, "zh"),
        ("포도 먹어도 돼요?", SICK, "ko"),
        ("nhờ cô làm xã hội người Việt gọi", MOOD, "vi"),
    ],
)
def test_what_answers_nothing(text: str, expectation: Expectation, language: str) -> None:
    assert _read(text, expectation, language).answer is None


@pytest.mark.parametrize(
    ("text", "expectation", "language", "answer"),
    [
        ("灰啊整天躺着窗帘都不拉", MOOD, "zh", "yes"),
        ("日日都喊，冇胃口", MOOD, "zh", "yes"),
        ("越来越顺，胃口也回来了", NEW, "zh", "no"),
        ("越来越疼", NEW, "zh", "yes"),
        ("昨天吐了一次，今天馄饨吃了一碗", SICK, "zh", "no"),
        ("吃了一碗就全吐了", SICK, "zh", "yes"),
        ("昨天去了，没拿到", FETCHED, "zh", "no"),
        ("跟足医生嘅，一粒都冇漏", TAKES, "zh", "yes"),
        ("我自己揸车，冇问题", RIDE, "zh", "yes"),
        ("有的药要停有的药要加，搞得我乱", CLEAR, "zh", "no"),
        ("前台说满了，叫我月底再打", BOOKED, "zh", "no"),
        ("走路喘，坐下就没有了", BREATH, "zh", "yes"),
        ("上楼胸口闷，坐一下就好了", CHEST, "zh", "yes"),
        ("leo cầu thang thì tức, nghỉ là hết", CHEST, "vi", "yes"),
        ("驾照过期了，女儿送我", RIDE, "zh", "yes"),
        ("没车，女儿不能送我", RIDE, "zh", "no"),
        ("면허가 없어서 아들이 운전해요", RIDE, "ko", "yes"),
        ("nói đôi câu là nghỉ, cháu cười tôi như trâu già", BREATH, "vi", "yes"),
        ("sáng ba chiều một, chưa sai lần nào", TAKES, "vi", "yes"),
        ("không uống đều", TAKES, "vi", "no"),
        ("y tá người Việt giảng một lượt, nhớ hết", CLEAR, "vi", "yes"),
        ("15 tây 3 giờ rưỡi, tim mạch", BOOKED, "vi", "yes"),
        ("chưa thấy gì", CHEST, "vi", "no"),
        ("가슴이 아파요 쉬면 괜찮아요", CHEST, "ko", "yes"),
        ("날마다 눈물바람 밥맛도 없고", MOOD, "ko", "yes"),
        ("아침 셋 저녁 하나 틀린 적 없어", TAKES, "ko", "yes"),
        ("갈수록 나아요", NEW, "ko", "no"),
        ("갈수록 힘들어요", NEW, "ko", "yes"),
        ("물도 도로 나와요", SICK, "ko", "yes"),
        ("죽 먹었어요", SICK, "ko", "no"),
        ("뻘건 게 나왔어요", BLEEDS, "ko", "yes"),
    ],
)
def test_told_by_facts(text: str, expectation: Expectation, language: str, answer: str) -> None:
    assert _read(text, expectation, language).answer == answer


@pytest.mark.parametrize(
    ("text", "expectation", "language"),
    [
        ("一日三餐后准点一粒", TAKES, "zh"),
        ("15 tây 3 giờ rưỡi, tim mạch", BOOKED, "vi"),
    ],
)
def test_pills_and_days_are_no_measurements(text: str, expectation: Expectation, language: str) -> None:
    assert _read(text, expectation, language).urgency is Urgency.NONE


def test_chest_pain_that_rest_eases_is_there() -> None:
    assert _read("가슴이 아파요 쉬면 괜찮아요", CHEST, "ko").urgency is Urgency.EMERGENCY


def test_who_went_somewhere_has_not_died() -> None:
    assert "deceased" not in _read("去咗两次都关门", FETCHED, "zh").intents
    assert "deceased" in _read("我爸上周去咗", Expectation("none"), "zh").intents
