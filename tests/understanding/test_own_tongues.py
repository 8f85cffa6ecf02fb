"""Chinese, Vietnamese and Korean: families of replies that strangers wrote and that had been misread."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, Reading, Urgency, read

BREATH = Expectation("symptom_yes_no", "Are you having any trouble breathing? Reply YES or NO.")
CHEST = Expectation("symptom_yes_no", "Are you having any chest pain or pressure? Reply YES or NO.")
NEW = Expectation("symptom_yes_no", "Do you have any new or worsening symptoms today? Reply YES or NO.")
LOW_ZH = Expectation("symptom_yes_no", "今天的血糖有没有低于70？请回复“是”或“否”。")
FEVER = Expectation("symptom_yes_no", "Have you had a fever or chills since you came home? Reply YES or NO.")
MOOD = Expectation("symptom_yes_no", "过去两周，您是否经常感到情绪低落或绝望？请回复“是”或“否”。")
TAKES = Expectation("yes_no", "Are you taking your medicines the way the label says? Reply YES or NO.")
CLEAR = Expectation("yes_no", "Do you understand your discharge instructions? Reply YES or NO.")
PICKED = Expectation("yes_no", "Did you pick up your medicines from the pharmacy? Reply YES or NO.")
FREE = Expectation("yes_no", "Is now a good time for a few questions? Reply YES or NO.")
PAIN = Expectation("scale_0_10", "How bad is your pain right now, from 0 to 10?")
BORN = Expectation("dob", "To protect your privacy, please reply with your date of birth.")
BORN_VI = Expectation("dob", "Xin trả lời ngày sinh của quý vị (tháng/ngày/năm).")
NONE = Expectation("none")
OPEN = Expectation("open_text", "How are you feeling today?")
DESK = Expectation(
    "choose_number",
    "您想联系哪里？回复 1 药房 2 护士 3 账单 4 其他",
    (Option("1", "药房"), Option("2", "护士"), Option("3", "账单"), Option("4", "其他")),
)
NOW = None


def alarms(found: Reading) -> list[str]:
    """What the word lists saw as urgent or worse; the second opinion is measured elsewhere."""
    grave = ("urgency:urgent", "urgency:emergency")
    return [e.rule for e in found.evidence if e.effect in grave and e.rule != "second opinion"]


@pytest.mark.parametrize(
    ("asked", "language", "text", "answer"),
    [
        (NEW, "zh", "嗯没有没有都跟前两天一样", "no"),
        (NEW, "zh", "没有没有", "no"),
        (BREATH, "zh", "嗯没有", "no"),
        (BREATH, "zh", "啊你说什么我没听清楚", None),
        (CHEST, "zh", "哪有", "no"),
        (FREE, "zh", "你是谁啊", None),
        (CLEAR, "zh", "有几处不懂", "no"),
        (CLEAR, "vi", "có chỗ không hiểu", "no"),
        (TAKES, "zh", "照医生说的吃", "yes"),
        (TAKES, "vi", "ờ thì bữa nào nhớ thì uống bữa nào quên thì thôi", "no"),
        (PICKED, "zh", "昨儿就取回来了", "yes"),
        (PICKED, "zh", "没取回来", "no"),
        (LOW_ZH, "zh", "46 手抖得厉害", "yes"),
        (LOW_ZH, "zh", "110，挺好", "no"),
        (MOOD, "zh", "天天跟老姐妹打麻将，开心得要死", "no"),
        (FEVER, "vi", "hồi hôm có ớn lạnh", "yes"),
        (PAIN, "vi", "hả nói lại coi tôi nghe không rõ", None),
        (PAIN, "vi", "đau không bớt, tám", 8),
        (PAIN, "vi", "chac co nam", 5),
        (PAIN, "vi", "đau hai năm nay, bảy", 7),
        (PAIN, "zh", "6 小腿肿了一大圈", 6),
        (DESK, "zh", "账单那个", "3"),
    ],
)
def test_answers_in_own_words(asked: Expectation, language: str, text: str, answer: str | int | None) -> None:
    assert read(text, asked, language, NOW).answer == answer


@pytest.mark.parametrize(
    ("asked", "language", "text", "day"),
    [
        (BORN, "zh", "民國四十五年三月十二", "1956-03-12"),
        (BORN, "zh", "一九六三年腊月初八阴历的", None),
        (BORN, "ko", "음력 1952년 8월 15일", None),
        (BORN, "vi", "sinh ngày mười lăm tháng tư năm sáu hai", "1962-04-15"),
        (BORN, "vi", "mười hai tháng năm năm năm mươi lăm", "1955-05-12"),
        (BORN, "vi", "ba mươi tháng sáu năm sáu", "1956-06-30"),
        (BORN_VI, "vi", "12/5/1958", "1958-12-05"),
    ],
)
def test_days_of_birth(asked: Expectation, language: str, text: str, day: str | None) -> None:
    assert read(text, asked, language, NOW).answer == day


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("zh", "Walgreens说保险不批", "insurance_barrier"),
        ("zh", "麻烦给我打电话", "call_me_back"),
        ("zh", "你过半个钟头再打来", "call_me_back"),
        ("zh", "我不需要你们回访，以后免了", "opt_out"),
        ("zh", "前面不小心退订了，麻烦重新给我发", "opt_in"),
        ("vi", "số này của tui chớ đâu phải bà Lan", "wrong_number"),
        ("vi", "không nhận được thuốc", "medication_problem"),
        ("ko", "30분 후에 다시 걸어주세요", "call_me_back"),
    ],
)
def test_what_else_is_asked(language: str, text: str, intent: str) -> None:
    assert intent in read(text, NONE, language, NOW).intents


def test_a_question_beside_a_chinese_answer_is_kept() -> None:
    assert "question" in read("医生让饭后吃，我都是饭前吃的，要紧吗", TAKES, "zh", NOW).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "không nhận ra ai"),
        ("zh", "那天是我老伴儿去世一周年能不能换个日子"),
    ],
)
def test_traps_of_other_intents(language: str, text: str) -> None:
    found = read(text, NONE, language, NOW).intents
    assert not {"opt_out", "deceased"} & set(found)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "好多了，就是手机快没电了要死了"),
        ("zh", "说明书上写会呼吸困难，我还能吃吗"),
        ("vi", "tờ giấy ghi tác dụng phụ là sưng lưỡi, đột quỵ, tôi chưa thấy bị gì"),
        ("ko", "약 설명서에 호흡곤란 자살충동 이런 게 써 있던데 먹어도 되나요"),
        ("vi", "khong thay gi het"),
        ("zh", "堵在101上了，估计要晚二十分钟"),
    ],
)
def test_no_alarm(language: str, text: str) -> None:
    assert not alarms(read(text, OPEN, language, NOW))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "说明书写会头晕，我现在喘不上气"),
        ("zh", "吃了eliquis一直出血止不住"),
        ("zh", "我要死了，手机在旁边"),
        ("vi", "uống thuốc xong khó thở, sưng lưỡi"),
        ("vi", "mắt không thấy gì hết"),
        ("ko", "이제 다 정리했습니다. 그동안 고마웠어요. 오늘 밤이면 끝나요"),
    ],
)
def test_the_alarms_beside_them(language: str, text: str) -> None:
    assert read(text, OPEN, language, NOW).urgency is Urgency.EMERGENCY


def test_the_course_of_antibiotics_ends() -> None:
    assert not alarms(read("항생제 오늘 밤이면 끝나요", OPEN, "ko", NOW))


@pytest.mark.parametrize(
    ("language", "text"),
    [("zh", "四天没大便了，别的都好"), ("vi", "bón mấy bữa nay"), ("ko", "변을 나흘째 못 봤네요")],
)
def test_constipation_is_no_nothing(language: str, text: str) -> None:
    assert read(text, OPEN, language, NOW).urgency >= Urgency.ROUTINE
