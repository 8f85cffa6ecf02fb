"""Opt-outs in Russian and Arabic, by families, each beside the harmless double its words have in a patient's mouth."""

from __future__ import annotations

import pytest

from app.understanding import engine
from app.understanding.reading import Expectation, Reading

ADHERENCE_RU = "Принимаете ли вы лекарства так, как указано на этикетке? Ответьте ДА или НЕТ."
BLEEDING_AR = "هل هناك نزيف يقلقك؟ أجب بنعم أو لا."
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
        "избавьте меня от звонков",
        "нет необходимости мне писать",
        "впредь сюда ничего не отправлять",
        "ненадо мне звонить",
        "сгиньте из моего телефона",
        "напишите что набрать чтоб вы отвалили",
        "четвёртый раз говорю вам стоп",
        "стоп! сколько можно",
        "ни писем ни звонков, умоляю",
        "я против рассылок",
        "номер этот сотрите",
        "согласие своё отзываю",
        "больше чтоб я от вас ничего не слышала",
        "не добавляйте меня в эту вашу базу",
        "вы ушли в бан",
        "подключили без спроса, отключите",
        "тётя хочет чтобы вы ей не трезвонили",
        "давайте без меня",
        "уймитесь уже",
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
        "не отправляйте скорую, мне лучше",
        "не присылайте рецепт в ту аптеку",
        "не беспокойтесь, всё хорошо",
        "не пишите сыну, пишите лучше мне",
        "хватит вопросов, мама без сознания, вызовите скорую",
        "случайно стёрла ваше сообщение",
        "не против напоминаний",
        "ни звонков ни смс от вас не было",
        "куда позвонить чтобы отменить приём",
        "врач сказал не беспокоить шов",
        "хочу чтобы прекратилась тошнота",
        "никаких контактов с больными не было",
        "сын подписал бумаги без моего ведома",
        "без меня дочь заберёт лекарства",
        "стоп. шучу, продолжайте",
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


@pytest.mark.parametrize(
    "text",
    [
        "قف قف من فضلك",
        "وقف",
        "يزي من الميساجات",
        "كافي دقات",
        "لا تعاودوا الاتصال",
        "لا تطرشون لي مسجات",
        "ما تبقاوش تصيفطو ليا",
        "بطلوا ترنوا عليا",
        "متكلموناش تاني",
        "ما تدزوا بعد",
        "امي ما تريد احد يتصل بيها",
        "ما بقيتش عايز رسايل",
        "الرسايل دي ملهاش لازمة",
        "حيدوني من اللائحة",
        "احذفوا رقم الوالد من عندكم",
        "شيلوا اسمي من الليستة",
        "ازاي اوقف الرسايل دي",
        "ما عطيتكم اذن تراسلوني",
        "راح أحظركم",
        "اذا اتصلتوا مرة ثانية راح اشتكي عليكم",
        "سيبوا أمي في حالها",
        "اعتقونا لوجه الله",
        "قولوا للروبوت يبطل",
        "ma tsiftoulich messages",
        "stop les sms svp",
        "لا داعي لمراسلتي",
        "اعفوني من هالمكالمات",
    ],
)
def test_arabic_opt_outs(text: str) -> None:
    assert "opt_out" in told(text, "ar").intents


@pytest.mark.parametrize(
    "text",
    [
        "متوقفوش الرسايل لو سمحتم",
        "ليش ما ترسلون لي تذكير",
        "ما تواصل معي احد",
        "ما تكلمت مع الدكتور",
        "الطفل ما تكلم للحين",
        "قلت لجارتي لا تتصل",
        "البنك زهقني رسايل",
        "شيلوا اسمي من قائمة الانتظار للعملية",
        "شيلوا الضماد بكرة؟",
        "ما اوافق على العملية",
        "خلاص الرسالة وصلت",
        "سيبوني انام شوية بس انا كويس",
        "خلوني اشوف واقولكم",
        "لا تقلقوا انا بخير",
        "كيف اوقف النزيف",
        "بكفي وجع",
        "لا ترسلوا الدوا على البيت",
    ],
)
def test_arabic_doubles_are_no_opt_out(text: str) -> None:
    assert "opt_out" not in told(text, "ar").intents


@pytest.mark.parametrize(
    "text",
    [
        "لا تتصلوا، ابعتوا رسالة",
        "لا تتصلوا بالشغل",
        "خففوا الرسايل",
        "كلموني بعد رمضان",
        "غيروا رقمي القديم",
    ],
)
def test_arabic_wishes_about_messages_are_for_a_person(text: str) -> None:
    reading = told(text, "ar")
    assert reading.flag
    assert "opt_out" not in reading.intents


def test_arabic_it_stopped_answers_the_bleeding() -> None:
    stopped = told("وقف", "ar", "symptom_yes_no", BLEEDING_AR)
    assert (stopped.answer, "opt_out" in stopped.intents) == ("no", False)
    assert "opt_out" in told("قف", "ar", "symptom_yes_no", BLEEDING_AR).intents


def test_arabic_wrong_numbers_and_complaints() -> None:
    assert "wrong_number" in told("الرقم صار لي من سنتين وما اعرف مين السيد كمال", "ar").intents
    found = told("جاي بس كل ساعة رسالة طفشتوني", "ar", "confirm_appointment").intents
    assert "complaint" in found
    assert "opt_out" not in found
