"""Opt-outs in Russian and Arabic, by families, each beside the harmless double its words have in a patient's mouth."""

from __future__ import annotations

import pytest

from app.understanding import engine
from app.understanding.reading import Expectation, Reading

ADHERENCE_RU = "Принимаете ли вы лекарства так, как указано на этикетке? Ответьте ДА или НЕТ."
BLEEDING_RU = "Есть ли кровотечение, которое вас беспокоит? Ответьте ДА или НЕТ."


def told(text: str, language: str, context: str = "none", prompt: str = "") -> Reading:
    return engine.read(text, Expectation(context, prompt), language, None)


@pytest.mark.parametrize(
    "text",
    [
        "стоп!! стоп!!",
        "хорош уже слать свои смски",
        "пожалуйста больше мне ничего не отправляйте",
        "напоминать мне не надо, я не склеротик",
        "хочу чтобы вы перестали мне писать",
        "папа не хочет чтобы ему звонили",
        "номер мой сотрите",
        "исключите моего отца из списка обзвона",
        "отмените запись и все ваши напоминания",
        "мне ваши напоминания ни к чему",
        "давайте без смс пожалуйста",
        "не желаю получать от вас никаких сообщений",
        "задолбали уже со своими опросами",
        "идите лесом со своими смс",
        "я отзываю своё разрешение на звонки",
        "кину вас в чёрный список",
        "ещё раз позвоните подам в суд",
        "если не перестанете буду жаловаться",
        "где тут кнопка отписаться",
        "хочу выйти из рассылки",
        "отпишыте меня",
        "не дзвоніть мені більше",
        "ne zvonite mne bolshe",
        "больше не нужно",
    ],
)
def test_russian_opt_outs(text: str) -> None:
    assert "opt_out" in told(text, "ru").intents


@pytest.mark.parametrize(
    "text",
    [
        "не забудьте мне позвонить",
        "никаких сообщений от вас не получала",
        "сегодня не звоните, я сплю",
        "снимите пожалуйста швы в пятницу",
        "уберите меня из листа ожидания на мрт",
        "согласия на операцию не давала",
        "отказываюсь от операции",
        "не отписывайте меня",
        "не хочу отписываться, мне нравится",
        "почему вы перестали писать",
        "соседка достала звонками",
        "я отписалась от журнала",
        "отпишусь позже как дела",
        "стоп, я перепутала. 2",
        "дочь просила мужа не звонить мне",
        "напишите мне завтра",
        "не беспокойтесь, всё хорошо",
    ],
)
def test_russian_doubles_are_no_opt_out(text: str) -> None:
    assert "opt_out" not in told(text, "ru").intents


@pytest.mark.parametrize(
    "text",
    [
        "пишите пожалуйста пореже",
        "не звоните, лучше пишите смс",
        "звоните только после обеда",
        "напомните мне в январе",
        "я поменяла номер, пишите на новый номер",
        "не звоните на работу пожалуйста",
    ],
)
def test_russian_wishes_about_messages_are_for_a_person(text: str) -> None:
    reading = told(text, "ru")
    assert reading.flag
    assert "opt_out" not in reading.intents


def test_russian_short_words_mean_what_was_asked() -> None:
    assert "opt_out" not in told("больше не надо, врач отменил", "ru", "yes_no", ADHERENCE_RU).intents
    assert "opt_out" not in told("хватит, уже остановилась", "ru", "symptom_yes_no", BLEEDING_RU).intents
    alone = told("нет крови. уберите меня из списка", "ru", "symptom_yes_no", BLEEDING_RU)
    assert (alone.answer, "opt_out" in alone.intents) == ("no", True)


def test_russian_deaths_and_complaints() -> None:
    assert (
        "deceased" in told("жена умерла в среду, запись больше не нужна", "ru", "confirm_appointment").intents
    )
    assert "complaint" in told("пятая смс за день, я помню. приду", "ru", "confirm_appointment").intents
