"""A "not" before some other word answers nothing; what asks, denies of another or ends is read for what it is."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

ASKED = {
    "ru breath": ("symptom_yes_no", "Вам трудно дышать? Ответьте ДА или НЕТ."),
    "ru pain": ("symptom_yes_no", "Мешает ли боль вам спать или двигаться? Ответьте ДА или НЕТ."),
    "ru nausea": ("symptom_yes_no", "Мешают ли вам тошнота или рвота есть и пить? Ответьте ДА или НЕТ."),
    "ru dizzy": ("symptom_yes_no", "У вас сегодня кружилась голова? Ответьте ДА или НЕТ."),
    "ru swelling": ("symptom_yes_no", "Отекают ли у вас ноги сильнее обычного? Да или нет?"),
    "ru eating": ("symptom_yes_no", "Удаётся ли вам нормально пить и есть? Ответьте ДА или НЕТ."),
    "ru pickup": ("yes_no", "Вы забрали лекарства из аптеки? Ответьте ДА или НЕТ."),
    "ru told": ("yes_no", "Вам понятны инструкции после выписки? Ответьте ДА или НЕТ."),
    "tl breath": ("symptom_yes_no", "Nahihirapan po ba kayong huminga? I-reply ang OO o HINDI."),
    "tl chest": ("symptom_yes_no", "May sakit o paninikip po ba kayo sa dibdib? I-reply ang OO o HINDI."),
    "tl bleeding": ("symptom_yes_no", "May pagdurugo po ba na ikinababahala ninyo? I-reply ang OO o HINDI."),
    "tl swelling": ("symptom_yes_no", "Namamaga po ba ang mga paa o binti ninyo? I-reply ang OO o HINDI."),
    "tl booked": ("yes_no", "May nakatakda na po ba kayong follow-up sa doktor? I-reply ang OO o HINDI."),
    "tl ride": ("yes_no", "May masasakyan po ba kayo papunta sa appointment ninyo? I-reply ang OO o HINDI."),
    "tl told": ("yes_no", "Naiintindihan po ba ninyo ang discharge instructions? I-reply ang OO o HINDI."),
    "ar bleeding": ("symptom_yes_no", "هل لديك نزيف يقلقك؟ أجب بنعم أو لا."),
    "ar dizzy": ("symptom_yes_no", "هل شعرت بدوخة اليوم؟ أجب بنعم أو لا."),
    "ar new": ("symptom_yes_no", "هل لديك أعراض جديدة أو أسوأ اليوم؟ أجب بنعم أو لا."),
    "ar pickup": ("yes_no", "هل استلمت أدويتك من الصيدلية؟ أجب بنعم أو لا."),
    "ar told": ("yes_no", "هل تفهم تعليمات الخروج من المستشفى؟ أجب بنعم أو لا."),
}


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("ru pain", "верчусь до утра, места не найду", ("yes", None)),
        ("ru breath", "нет мочи вздохнуть, внутри будто залито", ("yes",)),
        ("ru breath", "не трудно", ("no",)),
        ("ru nausea", "хлеб уже нет, обратно", ("yes",)),
        ("ru nausea", "аппетит есть, не тошнит", ("no",)),
        ("ru nausea", "не мешают", ("no",)),
        ("ru eating", "не выходит, всё обратно", ("no", None)),
        ("ru dizzy", "не кружилась, а плыла", ("yes", None)),
        ("ru dizzy", "сегодня не кружилась", ("no",)),
        ("ru swelling", "одна раздулась, вторая нормальная", ("yes",)),
        ("ru swelling", "лазикс можно лишний выпить?", (None,)),
        ("ru pickup", "курьер не приехал", ("no",)),
        ("ru pickup", "соседка обещала зайти да заболела", ("no", None)),
        ("ru pickup", "забрал", ("yes",)),
        ("ru told", "гулять, не поднимать больше 5 кг, швы не мочить", ("yes", None)),
        ("ru told", "мне не все понятно", ("no",)),
        ("tl chest", "sa likod lang masakit kakabuhat ng apo", ("no",)),
        ("tl chest", "likod at dibdib masakit", ("yes",)),
        ("tl chest", "may sakit", ("yes",)),
        ("tl breath", "before po oo nung may tubig pa baga ko, now clear na", ("no",)),
        ("tl breath", "anak nya po ito, si nanay ang nahihirapan huminga", ("yes",)),
        ("tl bleeding", "yung hita ko puro violet di ko naman nabunggo", ("yes", None)),
        ("tl bleeding", "di ko naramdaman", ("no",)),
        ("tl swelling", "hindi kumasya sapatos ko sa simbahan", ("yes",)),
        ("tl booked", "may appointment po ba ako", (None,)),
        ("tl booked", "may appointment na po", ("yes",)),
        ("tl ride", "sasabay sana ako kay mare kaso nagka covid sya", ("no",)),
        ("tl told", "nung una hindi, pero nung pinaliwanag okay na", ("yes",)),
        ("ar bleeding", "مناخيري مش راضية تبطل", ("yes", None)),
        ("ar bleeding", "منزلش دم", ("no",)),
        ("ar bleeding", "اي دم بسيط", ("yes",)),
        ("ar dizzy", "اليوم ما دخت", ("no",)),
        ("ar dizzy", "ما دخت", ("no",)),
        ("ar new", "تقصد اعراض الدوا ولا المرض", (None,)),
        ("ar pickup", "اي صيدلية بعتوها عليها؟", (None,)),
        ("ar pickup", "للاسف ما استلمتها", ("no",)),
        ("ar told", "المترجمة ما قصرت فهمتني حرف حرف", ("yes", None)),
        ("ar told", "بصراحة ما فهمت", ("no",)),
    ],
)
def test_a_not_answers_only_where_it_stands_for_the_answer(
    asked: str, text: str, expected: tuple[str | None, ...]
) -> None:
    context, prompt = ASKED[asked]
    assert read(text, Expectation(context, prompt), asked[:2], None).answer in expected
