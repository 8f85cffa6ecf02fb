"""Portuguese, Russian and Arabic: families of replies that had been read as something else."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

PT_BREATH = "Você está com dificuldade para respirar? Responda SIM ou NÃO."
PT_CHEST = "Você está com dor ou pressão no peito? Responda SIM ou NÃO."
PT_MISSED = "Você deixou de tomar alguma dose esta semana? Responda SIM ou NÃO."
PT_LYING = "Você consegue dormir deitado sem falta de ar? Responda SIM ou NÃO."
PT_LEGS = "Seus pés ou pernas estão mais inchados que o normal? Responda SIM ou NÃO."
PT_RIDE = "Você tem como vir à consulta de terça, 8 de dezembro? Responda SIM ou NÃO."
PT_NEW = "Você tem algum sintoma novo ou pior hoje? Responda SIM ou NÃO."
RU_BREATH = "Вам трудно дышать? Ответьте ДА или НЕТ."
RU_BLEEDING = "Есть ли кровотечение, которое вас беспокоит? Ответьте ДА или НЕТ."
RU_NAUSEA = "Тошнит ли вас так, что не можете есть и пить? Ответьте ДА или НЕТ."
RU_MISSED = "Вы пропускали приём лекарств на этой неделе? Ответьте ДА или НЕТ."
RU_NEW = "Есть ли у вас сегодня новые или усилившиеся симптомы? Ответьте ДА или НЕТ."
RU_VISIT = "У вас назначен повторный приём у врача? Ответьте ДА или НЕТ."
AR_CHEST = "هل لديك ألم أو ضغط في الصدر؟ أجب بنعم أو لا."
AR_MISSED = "هل فاتتك أي جرعة هذا الأسبوع؟ أجب بنعم أو لا."
AR_WOUND = "هل الجرح أحمر أو ساخن أو متورم أو يخرج منه إفراز؟ أجب بنعم أو لا."


@pytest.mark.parametrize(
    ("language", "context", "prompt", "text", "answer"),
    [
        ("pt", "symptom_yes_no", PT_BREATH, "ontem sim, hoje passou", "no"),
        ("pt", "symptom_yes_no", PT_BREATH, "ontem não, hoje sim", "yes"),
        ("pt", "symptom_yes_no", PT_NEW, "os mesmos de sempre", "no"),
        ("pt", "symptom_yes_no", PT_LYING, "durmo sentado na poltrona senão me afogo", "no"),
        ("pt", "symptom_yes_no", PT_LEGS, "os pés parecem pão", "yes"),
        ("pt", "symptom_yes_no", PT_CHEST, "uma pressãozinha", "yes"),
        ("pt", "yes_no", PT_MISSED, "umas 2 do remédio da pressão, esqueci na viagem", "yes"),
        ("pt", "yes_no", PT_MISSED, "tomei todas", "no"),
        ("pt", "yes_no", PT_RIDE, "meu cunhado me leva", "yes"),
        ("pt", "yes_no", PT_RIDE, "to sem carro", "no"),
        ("ru", "symptom_yes_no", RU_BREATH, "дышу как молодой", "no"),
        ("ru", "symptom_yes_no", RU_NAUSEA, "рвет даже от воды", "yes"),
        ("ru", "symptom_yes_no", RU_NEW, "все так же", "no"),
        ("ru", "yes_no", RU_MISSED, "вчера забыла", "yes"),
        ("ru", "yes_no", RU_MISSED, "ни разу", "no"),
        ("ru", "yes_no", RU_MISSED, "ни одной не выпила", "yes"),
        ("pt", "yes_no", PT_MISSED, "não tomei nenhuma", "yes"),
        ("ar", "yes_no", AR_MISSED, "ما اخذت ولا حبة", "yes"),
        ("ru", "yes_no", RU_VISIT, "9го к кардиологу", "yes"),
        ("ar", "symptom_yes_no", AR_CHEST, "كان عندي السنة الماضية وراح", "no"),
        ("ar", "symptom_yes_no", AR_WOUND, "بس يحكني", "no"),
        ("ar", "yes_no", AR_MISSED, "ولا حبة الحمدلله", "no"),
        ("ar", "yes_no", AR_MISSED, "نسيت امس", "yes"),
    ],
)
def test_answers_in_other_words(language: str, context: str, prompt: str, text: str, answer: str) -> None:
    assert read(text, Expectation(context, prompt=prompt), language, None).answer == answer


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("pt", "ontem 9, hoje tá em 2", 2),
        ("pt", "de manhã 6 agora 3", 3),
        ("ru", "вчера 9, сегодня 2", 2),
        ("ar", "امبارح 9 اليوم 2", 2),
        ("ar", "٣٫٥", 4),
    ],
)
def test_a_number_of_today_and_one_with_a_decimal_sign(language: str, text: str, number: int) -> None:
    assert read(text, Expectation("scale_0_10", prompt="0 - 10"), language, None).answer == number


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pt", "vou sim mas chego 15 min atrasado"),
        ("ru", "буду, но опоздаю минут на 15"),
        ("ar", "جاي بس بتأخر ربع ساعة"),
        ("ar", "لا تلغونه راح اجي"),
        ("pt", "sim mas desmaiei duas vezes hoje"),
        ("ru", "да, но сегодня дважды теряла сознание"),
    ],
)
def test_coming_late_or_ill_is_no_condition(language: str, text: str) -> None:
    assert read(text, Expectation("confirm_appointment"), language, None).answer == "confirm"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pt", "vou depender da folga q o patrão der"),
        ("ru", "буду, но только если перенесете на вечер"),
    ],
)
def test_what_depends_is_no_confirmation(language: str, text: str) -> None:
    assert read(text, Expectation("confirm_appointment"), language, None).answer != "confirm"


@pytest.mark.parametrize(
    ("language", "text", "opts"),
    [
        ("pt", "olha não quero mais que vocês fiquem me ligando tá", True),
        ("ru", "отпишите меня от рассылки", True),
        ("ru", "не звоните до обеда, сплю", False),
        ("ru", "ne pishite syuda bolshe", True),
        ("ru", "телевизор надоел", False),
        ("pt", "ele me bateu de novo, não liga que ele escuta", False),
    ],
)
def test_opt_outs(language: str, text: str, opts: bool) -> None:
    assert ("opt_out" in read(text, Expectation("none"), language, None).intents) is opts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("двадцать восьмое февраля тысяча девятьсот семьдесят четвёртого", "1974-02-28"),
        ("девятое мая сорок пятого", "1945-05-09"),
    ],
)
def test_russian_ordinals_join_their_tens(text: str, day: str) -> None:
    assert read(text, Expectation("dob", prompt="Назовите дату рождения."), "ru", None).answer == day


def test_bleeding_told_in_cloths_is_a_yes() -> None:
    told = read(
        "хлещет из раны, жгут не держит", Expectation("symptom_yes_no", prompt=RU_BLEEDING), "ru", None
    )
    assert (told.answer, told.urgency.name) == ("yes", "EMERGENCY")
