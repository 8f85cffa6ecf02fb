"""Neighbours: ordinary answers that look like alarms stay harmless, and the true alarms beside them are seen."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Reading, Urgency, read

NOW = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 - a reply's local wall time, as the callers hand it in
FREE = Expectation("open_text", "")
ASKED = {
    ("zh", "chest"): Expectation("symptom_yes_no", "您今天胸口有没有疼痛或发紧？请回复“是”或“否”。"),
    ("zh", "sugar"): Expectation("yes_no", "您今天早上测血糖了吗？请回复“是”或“否”。"),
    ("vi", "chest"): Expectation("symptom_yes_no", "Hôm nay quý vị có đau hay tức ngực không?"),
    ("vi", "wound"): Expectation("symptom_yes_no", "Chỗ mổ có đỏ, nóng, sưng hay ra mủ không?"),
    ("tl", "pickup"): Expectation("yes_no", "Nakuha na po ba ninyo ang mga bagong gamot?"),
    ("tl", "booked"): Expectation("yes_no", "May schedule na po ba kayo para sa follow-up?"),
    ("ru", "adherence"): Expectation("yes_no", "Вы принимаете лекарства так, как назначено?"),
    ("ar", "pickup"): Expectation("yes_no", "هل حصلت على أدويتك؟"),
    ("ko", "adherence"): Expectation("yes_no", "약을 처방대로 드시고 계신가요?"),
    ("ko", "nausea"): Expectation("symptom_yes_no", "메스꺼움이나 구토로 못 드시고 계신가요?"),
}


def said(language: str, text: str, about: str = "") -> Reading:
    return read(text, ASKED[language, about] if about else FREE, language, NOW)


@pytest.mark.parametrize(
    ("language", "about", "text", "answer"),
    [
        ("zh", "chest", "胸口不闷也不痛", "no"),
        ("zh", "chest", "放完支架就没再痛过", "no"),
        ("zh", "chest", "胸口闷得慌", "yes"),
        ("zh", "sugar", "试纸用完了", "no"),
        ("zh", "sugar", "测了，6.1", "yes"),
        ("vi", "chest", "da khong tuc nguc gi het", "no"),
        ("vi", "chest", "dạ hông", "no"),
        ("vi", "wound", "hơi đỏ", "yes"),
        ("vi", "wound", "hơi ngứa thôi", "no"),
        ("tl", "pickup", "dinaan na ni mister kanina", "yes"),
        ("tl", "booked", "wala pa po, di sumasagot", "no"),
        ("ru", "adherence", "пью через раз", "no"),
        ("ru", "adherence", "жена следит", "yes"),
        ("ar", "pickup", "بنتي جابتهم", "yes"),
        ("ko", "adherence", "한 번도 안 빼먹었어요", "yes"),
        ("ko", "adherence", "약이 떨어졌어요", "no"),
        ("ko", "nausea", "죽 한 그릇 다 먹었어요", "no"),
    ],
)
def test_ordinary_answers_are_found(language: str, about: str, text: str, answer: str) -> None:
    assert said(language, text, about).answer == answer


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "药都按时吃了"),
        ("zh", "你打错了"),
        ("vi", "nha nay khong co ai ten Lan"),
        ("tl", "nahulog ang cellphone ko"),
        ("ru", "уронила телефон, всё цело"),
        ("ar", "ادوخ بس من كثر اسئلتكم"),
        ("ko", "저 혼자 살아요"),
        ("ko", "칼국수 먹고 산책했어요"),
    ],
)
def test_harmless_neighbours_alarm_nobody(language: str, text: str) -> None:
    assert said(language, text).urgency <= Urgency.ROUTINE


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "有时候想从阳台跳下去算了"),
        ("zh", "我儿子把我的降压药吃了好几片"),
        ("vi", "sống chi nữa, chết cho xong"),
        ("vi", "mẹ tôi lú lẫn, sốt 40 độ"),
        ("tl", "ayoko na pong mabuhay"),
        ("tl", "di sumasagot si nanay pag ginigising"),
        ("ru", "стою на балконе, тянет шагнуть"),
        ("ar", "عييت من هاد الدنيا، كنفكر نحط حد لحياتي"),
        ("ko", "그만 살고 싶어요"),
        ("ko", "지금은 말 한마디 하기도 벅차요"),
    ],
)
def test_true_alarms_beside_them_are_seen(language: str, text: str) -> None:
    assert said(language, text).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text", "intent", "meant"),
    [
        ("zh", "恢复得不错", "opt_in", False),
        ("zh", "晚点再说", "repeat", False),
        ("vi", "bác sĩ nói không phải bệnh nặng", "wrong_number", False),
        ("vi", "tôi không phải bà Lan", "wrong_number", True),
        ("vi", "muon hoi chuyen thuoc", "running_late", False),
        ("ru", "это уже полгода не её номер", "wrong_number", True),
        ("ar", "مات شحن الجوال", "deceased", False),
        ("ko", "어머니 지난주에 돌아가셨어요", "deceased", True),
    ],
)
def test_intents_need_words_that_belong_together(language: str, text: str, intent: str, meant: bool) -> None:
    assert (intent in said(language, text).intents) is meant
