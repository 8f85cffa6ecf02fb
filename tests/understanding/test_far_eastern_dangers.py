"""Dangers told in Chinese, Vietnamese, Korean, Tagalog and Russian; their neighbours, which are none; who is gone."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, Urgency, read

FREE = Expectation("none")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "我妈抽过去了口吐白沫"),
        ("zh", "除颤器刚才放电了三次"),
        ("zh", "我妈把84消毒液当水喝了"),
        ("zh", "月经像水龙头一样，一小时换三片"),
        ("zh", "家里着火了"),
        ("vi", "con nho uong nham nuoc tay bon cau"),
        ("vi", "máy sốc tim giật tôi ba lần rồi"),
        ("vi", "tôi để sẵn sợi dây rồi"),
        ("vi", "bị rắn cắn"),
        ("ko", "방금 가슴에 넣은 제세동기가 세 번이나 터졌어요"),
        ("ko", "뱀에 물렸어요"),
        ("ko", "생리가 콸콸 쏟아져요"),
        ("tl", "yung dati kong kinakasama may dalang baril andito sa labas"),
        ("tl", "naglaslas ako"),
        ("tl", "nasusunog bahay namin"),
        ("ru", "наклеила три пластыря фентанила вместо одного"),
        ("ru", "дефибриллятор ударил меня током"),
        ("ru", "грохнулась в ванной без памяти, только очнулась"),
    ],
)
def test_dangers_are_called(language: str, text: str) -> None:
    assert read(text, FREE, language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "小张护士简直是我的救命恩人"),
        ("zh", "英文烂得要死"),
        ("zh", "周末烧炭烤肉，很开心"),
        ("vi", "khỏe re, chỉ thèm phở muốn chết"),
        ("vi", "con nhỏ uống thuốc đều rồi"),
        ("vi", "đốt than nướng thịt"),
        ("ko", "피가 안 나요"),
        ("ko", "방에 불이 나갔어요"),
        ("zh", "儿子问，烧到几度要去急诊"),
        ("vi", "sốt bao nhiêu mới đi cấp cứu"),
        ("tl", "sakit lang ng ulo ang mga anak ko haha"),
        ("ru", "Спасите меня от больничной каши! шучу"),
        ("ru", "налепила два пластыря от боли в спине"),
    ],
)
def test_their_neighbours_are_no_emergency(language: str, text: str) -> None:
    assert read(text, FREE, language, None).urgency < Urgency.URGENT


@pytest.mark.parametrize(
    ("language", "text", "intents"),
    [
        ("vi", "Ông Tư mất hôm mùng 5", {"deceased"}),
        ("vi", "bà Tư mất ngủ hôm qua", set()),
        ("tl", "malaki bukol sa noo", set()),
        ("tl", "pa unsub po", {"opt_out"}),
        ("tl", "paki alis na ho yung number ko sa listahan nyo", {"opt_out"}),
        ("zh", "昨天按错成退订了，提醒我还要的", {"opt_in"}),
        ("ru", "девушка больше не набирайте меня пожалуйста ладно", {"opt_out"}),
        ("ru", "нет тут никакого Геннадия Павловича и не было", {"wrong_number"}),
    ],
)
def test_who_is_gone_and_who_wants_to_be_left_alone(language: str, text: str, intents: set[str]) -> None:
    assert {str(intent) for intent in read(text, FREE, language, None).intents} == intents


def test_the_number_of_the_language_a_reply_is_written_in_chooses_it() -> None:
    offered = tuple(Option(str(i + 1), code, lang=code) for i, code in enumerate(("en", "es", "zh")))
    asked = Expectation(
        "language_choice", "Which language do you prefer? 1 English 2 Español 3 中文", offered
    )
    assert read("3 我英文烂得要死", asked, "zh", None).answer == "zh"
    assert read("1 quiero español", asked, "es", None).answer == "es"


ZH = "请回复“是”或“否”。"
VI = "Trả lời CÓ hoặc KHÔNG."
KO = "네 또는 아니요로 답해 주세요."


@pytest.mark.parametrize(
    ("language", "asked", "text", "answer"),
    [
        ("zh", f"您有胸痛或胸闷吗？{ZH}", "什么叫闷，是喘不上来那种吗", None),
        ("zh", f"您有恶心或呕吐，以至于不能吃喝吗？{ZH}", "能不能吃荔枝", None),
        ("zh", f"12月3日周四的预约，您有交通工具来吗？{ZH}", "我自己揸车，冇问题", "yes"),
        ("vi", f"Quý vị có hiểu hướng dẫn xuất viện không? {VI}", "y tá giảng một lượt, nhớ hết", "yes"),
        ("vi", f"Quý vị có hiểu hướng dẫn xuất viện không? {VI}", "không nhớ hết", "no"),
        ("vi", f"Quý vị có uống thuốc đúng theo nhãn ghi không? {VI}", "chưa sai lần nào", "yes"),
        ("ko", f"지난 2주 동안 자주 우울하셨나요? {KO}", "날마다 눈물바람 밥맛도 없고", "yes"),
        ("ko", f"메스꺼움 때문에 먹거나 마시기 힘드신가요? {KO}", "포도 먹어도 돼요?", None),
    ],
)
def test_their_answers(language: str, asked: str, text: str, answer: str | None) -> None:
    of_symptoms = any(word in asked for word in ("胸", "恶心", "우울", "메스꺼움"))
    kind = "symptom_yes_no" if of_symptoms else "yes_no"
    assert read(text, Expectation(kind, asked), language, None).answer == answer


@pytest.mark.parametrize(
    ("text", "urgency"),
    [("1958年3月14日 我喘不上气", Urgency.EMERGENCY), ("1958年3月14日 现在不喘了", Urgency.NONE)],
)
def test_the_year_of_a_birth_date_puts_nothing_in_the_past(text: str, urgency: Urgency) -> None:
    told = read(text, Expectation("dob", "为保护您的隐私，请回复您的出生日期。"), "zh", None)
    assert (told.answer, told.urgency) == ("1958-03-14", urgency)
