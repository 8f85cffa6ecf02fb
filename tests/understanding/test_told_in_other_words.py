"""Russian, Vietnamese, Korean, Chinese, Arabic: questions asked and answered in other words, one of each family."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

ASKED = {
    "ru chest": "Есть ли у вас боль или давление в груди? Ответьте ДА или НЕТ.",
    "ru breath": "Есть ли у вас одышка или нехватка воздуха? Скажите да или нет.",
    "ru bleeding": "Идёт ли откуда-нибудь кровь, что вас тревожит? Напишите да или нет.",
    "ru nausea": "Мешают ли вам тошнота или рвота есть и пить? Ответьте ДА или НЕТ.",
    "ru fever": "Была ли у вас температура или озноб после возвращения домой? Ответьте ДА или НЕТ.",
    "ru mood": "Бывает ли у вас подолгу плохое настроение, безысходность? Скажите да или нет.",
    "ru dizzy": "У вас сегодня кружилась голова? Ответьте ДА или НЕТ.",
    "ru new": "Есть ли у вас сегодня новые или ухудшившиеся симптомы? Ответьте ДА или НЕТ.",
    "vi bleeding": "Quý vị có bị chảy máu đáng lo không? Trả lời CÓ hoặc KHÔNG.",
    "vi chest": "Hôm nay bác có thấy nhói hay nặng ở ngực không? Xin nói có hoặc không.",
    "vi wound": "Chỗ mổ của bác có mưng mủ hay tấy đỏ lên không? Xin nói có hoặc không.",
    "vi fever": "Từ khi về nhà quý vị có bị sốt hoặc ớn lạnh không? Trả lời CÓ hoặc KHÔNG.",
    "vi dizzy": "Hôm nay quý vị có bị chóng mặt không? Trả lời CÓ hoặc KHÔNG.",
}
ASKED_OF_FACT = {
    "ru pickup": "Удалось ли вам получить выписанные лекарства? Скажите да или нет.",
    "ru adherence": "Получается ли принимать все лекарства по назначению? Скажите да или нет.",
    "ru instructions": "Вам понятны инструкции после выписки? Ответьте ДА или НЕТ.",
    "ru ride": "Вас кто-нибудь сможет привезти к нам 3 декабря? Напишите да или нет.",
    "ru better": "Стало ли вам сегодня легче? Скажите да или нет.",
    "vi pickup": "Thuốc bác sĩ kê bác có đủ ở nhà chưa ạ? Xin nói có hoặc chưa.",
    "vi instructions": "Tờ giấy dặn dò khi ra viện bác đọc có rõ không ạ? Xin nói có hoặc không.",
    "vi ride": "Hôm đó có ai đưa bác tới phòng khám không ạ? Xin nói có hoặc không.",
    "vi booked": "Lần khám tới của anh chị đã đặt lịch chưa ạ? Xin nói rồi hoặc chưa.",
}


def answer(asked: str, text: str) -> str | None:
    symptom = asked in ASKED
    context = "symptom_yes_no" if symptom else "yes_no"
    prompt = (ASKED if symptom else ASKED_OF_FACT)[asked]
    return read(text, Expectation(context, prompt=prompt), asked[:2], None).answer


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("ru chest", "не боль а будто кирпич положили", "yes"),
        ("ru chest", "у мужа сердце болит, не у меня", "no"),
        ("ru breath", "полегче, но пыхчу как паровоз", "yes"),
        ("ru bleeding", "только синяк от капельницы", "no"),
        ("ru nausea", "уминаю борщ", "no"),
        ("ru nausea", "выпью воды и обратно", "yes"),
        ("ru fever", "по вечерам 37.6 держится", "yes"),
        ("ru fever", "вчера было 37.1", "no"),
        ("ru mood", "не вижу смысла дальше лечиться", "yes"),
        ("ru mood", "это не ваше дело", None),
        ("ru dizzy", "на ногах стою крепко", "no"),
        ("ru new", "смотря что считать новым", None),
        ("ru new", "не, ничего такого не замечал", "no"),
        ("vi bleeding", "bầm tím lan hết tay", "yes"),
        ("vi bleeding", "nay gỡ băng ra trắng tinh", "no"),
        ("vi wound", "lúc mới về hơi sưng giờ xẹp lép rồi", "no"),
        ("vi fever", "hổm nằm ở viện mới sốt chứ về nhà thì thôi", "no"),
        ("vi fever", "nay hết thuốc hạ sốt rồi, vẫn sốt", "yes"),
        ("vi dizzy", "nhà cửa quay mòng mòng luôn", "yes"),
    ],
)
def test_what_is_told_answers_a_symptom(asked: str, text: str, expected: str | None) -> None:
    assert answer(asked, text) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("ru pickup", "по почте пришли в понедельник", "yes"),
        ("ru pickup", "курьер не приехал", "no"),
        ("ru adherence", "без проблем", "yes"),
        ("ru adherence", "ой да то забуду то просплю", "no"),
        ("ru instructions", "нет вопросов", "yes"),
        ("ru instructions", "тёмный лес", "no"),
        ("ru ride", "не переживайте, доберусь на метро", "yes"),
        ("ru ride", "все на работе в этот день", "no"),
        ("ru better", "не болит уже так как вчера", "yes"),
        ("ru better", "без перемен", "no"),
        ("vi pickup", "nhà thuốc giao tận nhà", "yes"),
        ("vi instructions", "không có chỗ nào khó hiểu cả", "yes"),
        ("vi instructions", "chịu, chữ bác sĩ như gà bới", "no"),
        ("vi ride", "bác ở có một mình à lấy ai đưa", "no"),
        ("vi booked", "14/12 gặp bs tim", "yes"),
    ],
)
def test_what_is_told_answers_a_question_of_fact(asked: str, text: str, expected: str | None) -> None:
    assert answer(asked, text) == expected
