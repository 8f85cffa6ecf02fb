"""Nine languages: denials, turns, habits and figures of speech that strangers wrote and that had been misread."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, Reading, Urgency, read

NOW = datetime.fromisoformat("2026-11-27T11:00")
BREATH = Expectation("symptom_yes_no", "Are you having any trouble breathing? Reply YES or NO.")
NEW = Expectation("symptom_yes_no", "Do you have any new or worsening symptoms today? Reply YES or NO.")
FEVER = Expectation("symptom_yes_no", "Have you had a fever or chills since you came home? Reply YES or NO.")
BLEEDS = Expectation("symptom_yes_no", "Any bleeding that worries you? Reply YES or NO.")
SICK = Expectation("symptom_yes_no", "Any nausea or vomiting that keeps you from eating? Reply YES or NO.")
MOOD = Expectation(
    "symptom_yes_no",
    "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO.",
)
TAKES = Expectation("yes_no", "Are you taking your medicines the way the label says? Reply YES or NO.")
RIDE = Expectation("yes_no", "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO.")
FREE = Expectation("yes_no", "Is now a good time for a few questions? Reply YES or NO.")
OPEN = Expectation("open_text", "How are you feeling today? Reply in your own words.")
NONE = Expectation("none")
VISIT = Expectation(
    "confirm_appointment",
    "You have an appointment on Thu Dec 3 at 2:15 PM. Reply 1 to confirm, 2 to reschedule, 3 to cancel.",
    (Option("1", "confirm"), Option("2", "reschedule"), Option("3", "cancel")),
)
SLOTS = Expectation(
    "choose_slot",
    "Which works? 1) Sat Nov 28 9:00 AM 2) Mon Nov 30 1:30 PM 3) Tue Dec 8 1:30 PM 4) none of these",
    (
        Option("1", "Sat Nov 28 9:00 AM", start=datetime.fromisoformat("2026-11-28T09:00")),
        Option("2", "Mon Nov 30 1:30 PM", start=datetime.fromisoformat("2026-11-30T13:30")),
        Option("3", "Tue Dec 8 1:30 PM", start=datetime.fromisoformat("2026-12-08T13:30")),
        Option("4", "none of these", none=True),
    ),
)


def alarms(found: Reading) -> list[str]:
    """What the word lists saw as urgent or worse; the second opinion is measured elsewhere."""
    grave = ("urgency:urgent", "urgency:emergency")
    return [e.rule for e in found.evidence if e.effect in grave and e.rule != "second opinion"]


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [
        (MOOD, "vi", "muốn uống hết chỗ thuốc này cho xong, khỏi làm khổ con cái"),
        (MOOD, "zh", "活着没什么意思，昨天在阳台边上站了很久，想跳下去算了"),
        (OPEN, "zh", "没什么意义，昨天在阳台边上站了很久，想跳下去算了"),
        (MOOD, "ru", "лучше бы меня тогда не откачали"),
        (MOOD, "ru", "лучше бы не спасли меня тогда"),
        (BREATH, "ko", "말 잇기도 힘들고 물에 빠진 것 같아요"),
        (BREATH, "ht", "m san lè pou respire"),
        (
            NEW,
            "tl",
            "wala pong sakit sa dibdib pero panga at balikat ko sobrang bigat, pinagpapawisan ako ng malamig",
        ),
        (OPEN, "fr", "elle est ailleurs, elle ne répond plus"),
    ],
)
def test_emergencies(asked: Expectation, language: str, text: str) -> None:
    assert read(text, asked, language, NOW).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("asked", "language", "text"),
    [
        (MOOD, "vi", "tôi vô viện dưỡng lão cho xong khỏi phiền con"),
        (BLEEDS, "ht", "bon se jansiv mwen ki bay ti kras san lè m bwose dan m"),
        (SLOTS, "ht", "Madanm nan biwo a joure m dènye fwa a, m pap mete pye m la ankò"),
        (OPEN, "zh", "还没约上，打了三次电话都没人接"),
        (VISIT, "fr", "Vous pouvez annuler, je vois déjà un cardiologue ailleurs"),
        (VISIT, "fr", "je serai absent jeudi"),
        (BREATH, "ar", "لا من بعد القسطرة ما حسيت باي ألم"),
        (TAKES, "ar", "باخد حبة السكر مرتين باليوم"),
        (OPEN, "tl", "mamamatay na ko sa gutom hehe, bumalik na gana ko kumain"),
    ],
)
def test_no_emergencies(asked: Expectation, language: str, text: str) -> None:
    assert not alarms(read(text, asked, language, NOW))


@pytest.mark.parametrize(
    ("asked", "language", "text", "answer"),
    [
        (FEVER, "vi", "máy lạnh bật lạnh muốn chết chứ có sốt đâu", "no"),
        (FEVER, "vi", "có sốt, đâu biết tại sao", "yes"),
        (TAKES, "vi", "thuốc huyết áp uống vô bị choáng nên tui bẻ nửa viên", "no"),
        (RIDE, "vi", "cháu ngoại chở", "yes"),
        (RIDE, "vi", "cháu ngoại không chở được", "no"),
        (RIDE, "ar", "ابو محمد بوديني", "yes"),
        (RIDE, "ar", "ما حد بوديني", "no"),
        (FREE, "zh", "喂你好我在开车呢晚点再说吧", "no"),
        (NEW, "ko", "어 뭐 숨찬 것도 없고 어지러운 것도 없고 그대로예요", "no"),
        (BLEEDS, "ko", "생리 시작한 것뿐이에요", "no"),
        (BLEEDS, "ko", "생리 시작했는데 피가 안 멈춰요", "yes"),
        (BLEEDS, "pt", "cortei a canela, to apertando faz 40 minutos e nao para, tomo xarelto", "yes"),
        (TAKES, "ht", "m pran yo lè m sonje sèlman", "no"),
        (TAKES, "ht", "m pran yo chak jou lè m leve", "yes"),
        (TAKES, "tl", "Di ko naman po itinigil kahit ang pait nung syrup", "yes"),
        (TAKES, "tl", "itinigil ko po", "no"),
        (TAKES, "ru", "так по бумажке по вашей всё и пью", "yes"),
        (SICK, "ru", "мутило в среду, теперь ем борщ тарелками", "no"),
        (SICK, "ru", "теперь ем только сухари, все равно рвет", "yes"),
        (SICK, "tl", "Nakaisang mangkok na po ng lugaw, hindi ko na isinuka", "no"),
        (VISIT, "fr", "Je serai à l'étranger jusqu'au 20, il faudrait une date après svp", "reschedule"),
        (VISIT, "fr", "c'est mort pour jeudi, vendredi plutôt ?", "reschedule"),
        (VISIT, "fr", "c'est vous qui avez annulé !!", None),
        (VISIT, "ht", "ki lè ou di m randevou a ye m pa t tande byen", None),
        (VISIT, "pt", "hoje?? achei que era semana que vem", None),
        (VISIT, "pt", "achei que era amanhã, podem remarcar?", "reschedule"),
        (VISIT, "ru", "не смогу в четверг, дайте любой день на той неделе", "reschedule"),
        (VISIT, "ru", "Буду если раньше не помру, шучу", "confirm"),
        (SLOTS, "ht", "samdi m legliz, ban m lendi a", "2"),
        (SLOTS, "ht", "Madanm nan biwo a joure m dènye fwa a, m pap mete pye m la ankò", None),
        (SLOTS, "tl", "yung Lunes po, wala akong kasama pag Sabado", "2"),
        (SLOTS, "tl", "pwede na yung nauna", "1"),
        (SLOTS, "zh", "大后天", "2"),
        (SLOTS, "fr", "le premier euh non pardon le deuxième", "2"),
    ],
)
def test_answers(asked: Expectation, language: str, text: str, answer: str | None) -> None:
    assert read(text, asked, language, NOW).answer == answer


@pytest.mark.parametrize(
    ("asked", "language", "text", "intent", "said"),
    [
        (TAKES, "ht", "wi m pa janm rete pran yo, maten kou aswè", "medication_problem", False),
        (TAKES, "ht", "m rete pran yo", "medication_problem", True),
        (TAKES, "ht", "wi enfimyè a te esplike m an kreyol", "language_switch", False),
        (NONE, "ht", "tanpri pale m an kreyol", "language_switch", True),
        (VISIT, "ru", "Буду, покойный муж тоже к вам ходил", "deceased", False),
        (NONE, "ru", "мой муж скончался", "deceased", True),
        (VISIT, "fr", "c'est mort pour jeudi, vendredi plutôt ?", "deceased", False),
        (NONE, "fr", "il est mort jeudi", "deceased", True),
        (NONE, "zh", "我爸上周走了，后事刚办完，这手机现在是我在用", "deceased", True),
        (NONE, "fr", "finalement remettez-moi dans la liste des rappels", "opt_in", True),
        (NONE, "fr", "remettez-moi sur la liste d'attente", "opt_in", False),
        (VISIT, "ko", "전철 놓쳐서 2시 반은 돼야 도착해요", "running_late", True),
        (NONE, "ar", "رجعولي الرسايل وقفتها بالغلط", "medication_problem", False),
    ],
)
def test_intents(asked: Expectation, language: str, text: str, intent: str, said: bool) -> None:
    assert (intent in read(text, asked, language, NOW).intents) is said
