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
