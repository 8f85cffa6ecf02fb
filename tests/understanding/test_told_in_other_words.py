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
    "ar bleeding": "هل لديك نزيف يقلقك؟ أجب بنعم أو لا.",
    "ar wound": "هل مكان العملية منتفخ أو محمر أو فيه قيح؟ قل نعم أو لا.",
    "ar dizzy": "هل عندك دوار أو إحساس بالإغماء اليوم؟ قل نعم أو لا.",
    "ko wound": "꿰맨 자리가 붓거나 물이 나오지는 않으세요? 예 또는 아니오로 말씀해 주세요.",
    "ko dizzy": "오늘 머리가 핑 돌거나 휘청거린 적이 있으세요? 예 또는 아니오로 말씀해 주세요.",
    "zh dizzy": "您今天有没有头昏、站不稳的感觉？请说“有”或“没有”。",
    "zh breath": "您有呼吸困难吗？请回复“是”或“否”。",
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
    "ar instructions": "هل الورقة التي أعطاك إياها المستشفى واضحة لك؟ قل نعم أو لا.",
    "ar time": "مرحبا، نتصل من العيادة. عندك دقيقتين نسألك عن صحتك؟ قل نعم أو لا.",
    "ko instructions": "집에서 지켜야 할 사항, 잘 아시겠어요? 예 또는 아니오로 말씀해 주세요.",
    "ko booked": "다음 외래 날짜는 잡아 두셨나요? 예 또는 아니오로 말씀해 주세요.",
    "zh better": "今天身体比昨天强一点了吗？请说“是”或“不是”。",
    "zh pickup": "您从药房取药了吗？请回复“是”或“否”。",
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
        ("ar bleeding", "كل ما اغير الضماد يتعبى دم", "yes"),
        ("ar wound", "كان منفوخ اول اسبوع ونزل الورم", "no"),
        ("ar dizzy", "ضغطي ١٤٠ على ٩٠ هل هذا طبيعي", None),
        ("ko wound", "처음엔 좀 부었지 얼음찜질하고 쏙 빠졌어", "no"),
        ("ko dizzy", "휘청은 무슨 쌩쌩해요", "no"),
        ("zh dizzy", "走路跟踩棉花似的飘", "yes"),
        ("zh breath", "没法平躺，一躺下就憋得慌", "yes"),
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
        ("ar instructions", "ما في شي صعب فيها", "yes"),
        ("ar time", "عندي ضيوف خليها العصر", "no"),
        ("ar time", "ما عندي مانع", "yes"),
        ("ko instructions", "글씨가 깨알만 해서 못 읽겠더라고", "no"),
        ("ko booked", "달력에 동그라미 쳐 놨지요", "yes"),
        ("zh better", "强多了今天还下楼晒了会儿太阳", "yes"),
        ("zh pickup", "都摆在饭桌上了", "yes"),
    ],
)
def test_what_is_told_answers_a_question_of_fact(asked: str, text: str, expected: str | None) -> None:
    assert answer(asked, text) == expected
