"""Nine languages: dangers as lay people word them, and answers in other words than yes and no."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, Reading, Urgency, read

ASKED = {
    ("zh", "breath"): "您有呼吸困难吗？请回复“是”或“否”。",
    ("zh", "mood"): "过去两周您是否常常感到情绪低落或绝望？请回复“是”或“否”。",
    ("zh", "pickup"): "您从药房取药了吗？请回复“是”或“否”。",
    ("zh", "wound"): "您的伤口发红、发热、肿胀或有渗液吗？请回复“是”或“否”。",
    ("zh", "instructions"): "您明白出院指示吗？请回复“是”或“否”。",
    ("vi", "breath"): "Quý vị có bị khó thở không? Trả lời CÓ hoặc KHÔNG.",
    ("vi", "adherence"): "Quý vị có uống thuốc đúng theo nhãn không? Trả lời CÓ hoặc KHÔNG.",
    ("vi", "wound"): "Vết mổ có bị đỏ, nóng, sưng hoặc chảy dịch không? Trả lời CÓ hoặc KHÔNG.",
    ("vi", "measured"): "Sáng nay quý vị đã đo đường huyết chưa? Nhắn CÓ hoặc KHÔNG.",
    ("tl", "fever"): "Nilagnat o giniginaw po ba kayo mula nang makauwi? I-reply ang OO o HINDI.",
    ("tl", "wound"): "Ang sugat po ba ay namumula, mainit, namamaga o may lumalabas na likido? OO o HINDI.",
    ("tl", "adherence"): "Iniinom po ba ninyo ang gamot ayon sa reseta? I-reply ang OO o HINDI.",
    ("ht", "wound"): "Èske plè a wouj, cho, anfle oswa gen likid k ap soti ladan l? Reponn WI oswa NON.",
    ("ht", "nausea"): "Èske ou gen kè plen oswa vomisman ki anpeche w manje oswa bwè? Reponn WI oswa NON.",
    ("ht", "adherence"): "Èske ou pran medikaman ou yo jan etikèt la di a? Reponn WI oswa NON.",
    ("fr", "fever"): "Avez-vous eu de la fièvre ou des frissons depuis votre retour ? Répondez OUI ou NON.",
    ("fr", "breath"): "Avez-vous du mal à respirer ? Répondez OUI ou NON.",
    ("fr", "pickup"): "Avez-vous récupéré vos médicaments à la pharmacie ? Répondez OUI ou NON.",
    ("pt", "wound"): "Sua ferida está vermelha, quente, inchada ou com secreção? Responda SIM ou NÃO.",
    ("pt", "mood"): "Nas últimas 2 semanas, você se sentiu triste ou sem esperança? Responda SIM ou NÃO.",
    ("pt", "pickup"): "Você pegou seus remédios na farmácia? Responda SIM ou NÃO.",
    ("ru", "fever"): "Была ли у вас температура или озноб после возвращения домой? Ответьте ДА или НЕТ.",
    ("ru", "nausea"): "Есть ли тошнота или рвота, из-за которых вы не можете есть или пить? ДА или НЕТ.",
    ("ru", "measured"): "Вы измерили сахар сегодня утром? Напишите ДА или НЕТ.",
    ("ar", "wound"): "هل الجرح أحمر أو ساخن أو متورم أو يخرج منه إفراز؟ أجب بنعم أو لا.",
    ("ar", "pickup"): "هل استلمت أدويتك من الصيدلية؟ أجب بنعم أو لا.",
    ("ko", "mood"): "지난 2주 동안 자주 우울하거나 희망이 없다고 느끼셨나요? 네 또는 아니요로 답해 주세요.",
    ("ko", "instructions"): "퇴원 안내를 이해하셨나요? 네 또는 아니요로 답해 주세요.",
}
SYMPTOM = ("breath", "wound", "fever", "nausea", "mood")
VISIT = "عيادة ريفرسايد: لديك موعد يوم الخميس 3 ديسمبر. أرسل 1 أو نعم للتأكيد، 2 لتغيير الموعد، 3 للإلغاء."


def said(language: str, about: str, text: str) -> Reading:
    context = "symptom_yes_no" if about in SYMPTOM else "yes_no"
    return read(text, Expectation(context, ASKED[language, about]), language, None)


def chosen(language: str, text: str, context: str, labels: list[str], prompt: str = "") -> object:
    options = tuple(Option(str(at), label) for at, label in enumerate(labels, 1))
    return read(text, Expectation(context, prompt, options), language, None).answer


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "ong xa toi sang nay meo mieng, noi ngong"),
        ("vi", "nôn ra như bã cà phê"),
        ("vi", "mẹ tôi sốt cao, không biết tôi là ai"),
        ("vi", "nhức đầu dữ dội như búa bổ, chưa từng bị vậy"),
        ("vi", "rách chỗ mổ ruột lòi ra"),
        ("zh", "他昏过去了"),
        ("zh", "想死"),
        ("zh", "鼻血流了一小时，我吃华法林"),
        ("zh", "刀口裂开看见肠子"),
        ("tl", "bumuka tahi kita na ang bituka"),
        ("ht", "yon bò kò m pa ka leve"),
        ("ht", "plè a louvri trip yo ap soti"),
        ("fr", "la cicatrice s'est ouverte on voit l'intestin"),
        ("pt", "febre de 40 e falando coisa sem sentido"),
        ("pt", "os pontos abriram e da pra ver o intestino"),
        ("pt", "infarto acho que to tendo um"),
        ("ru", "воздуха не хватает, двух слов сказать не могу"),
        ("ru", "думаю наглотаться таблеток и всё"),
        ("ru", "шов разошёлся, видно кишки"),
        ("ru", "инфаркт у меня по моему"),
        ("ar", "ايدي اليمين فجأة ما فيها حركة"),
        ("ar", "ارجعت دم"),
        ("ar", "الجرح انفتح والامعاء باينة"),
        ("ko", "수술 부위가 벌어져서 장이 보여요"),
        ("vi", "sốt 40 độ cổ cứng không cúi được"),
        ("zh", "三个月的宝宝烧到39，不吃奶，软绵绵的"),
        ("tl", "si tatay hawak ang dibdib putlang putla"),
        ("tl", "wala ng pulso"),
        ("tl", "lagnat 40 at matigas ang leeg"),
        ("ht", "li pa gen batman kè"),
        ("ht", "manman m pran 10 grenn tansyon pa erè"),
        ("fr", "elle a pris 10 cachets de tension par erreur"),
        ("pt", "vou pular da ponte"),
        ("pt", "bebê de 3 meses com 39 não mama molinho"),
        ("ru", "ребёнку 3 месяца 39 не ест вялый"),
        ("ru", "она выпила 10 таблеток от давления по ошибке"),
        ("ar", "بنط من الجسر"),
        ("ar", "ما فيه نبض"),
        ("ko", "누우면 물에 빠진 것 같아서 앉아서 자요"),
    ],
)
def test_dangers_are_called(language: str, text: str) -> None:
    assert read(text, Expectation("open_text"), language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(("language", "text"), [("ht", "39 ak frison"), ("ar", "39 ورجفة")])
def test_a_number_beside_chills_is_a_temperature(language: str, text: str) -> None:
    assert read(text, Expectation("open_text"), language, None).urgency is Urgency.URGENT


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "想死你们了"),
        ("vi", "con mèo nhà tôi méo cái đuôi"),
        ("fr", "j'ai le coeur lourd, mon chat est mort"),
        ("pt", "tive um infarto em 2015, hoje estou bem"),
        ("ko", "시장이 보여요"),
        ("zh", "脖子睡僵了"),
        ("pt", "pescoço duro de dormir torto"),
    ],
)
def test_their_neighbours_alarm_nobody(language: str, text: str) -> None:
    assert read(text, Expectation("open_text"), language, None).urgency <= Urgency.ROUTINE


@pytest.mark.parametrize(
    ("language", "about", "text", "answer"),
    [
        ("vi", "breath", "không, thở bình thường", "no"),
        ("vi", "breath", "thở hơi nặng", "yes"),
        ("zh", "breath", "没有，呼吸很顺", "no"),
        ("zh", "pickup", "拿了，但少一种", "no"),
        ("zh", "pickup", "拿了，但是排队很久", "yes"),
        ("ht", "adherence", "wi men m bliye pafwa", "no"),
        ("fr", "pickup", "oui mais il en manque un", "no"),
        ("pt", "pickup", "sim mas faltou um", "no"),
        ("pt", "pickup", "sim mas demorou", "yes"),
        ("ar", "pickup", "ايه بس ناقص واحد", "no"),
        ("vi", "wound", "vẫn còn băng chưa coi", None),
        ("vi", "measured", "chưa đo", "no"),
        ("vi", "adherence", "có nhưng hay quên", "no"),
        ("vi", "adherence", "ngày nào cũng uống", "yes"),
        ("zh", "mood", "时好时坏", "yes"),
        ("zh", "pickup", "只拿到一半", "no"),
        ("zh", "wound", "没看", None),
        ("zh", "instructions", "没看", "no"),
        ("tl", "fever", "normal temp", "no"),
        ("tl", "wound", "natanggal na tahi ok naman", "no"),
        ("tl", "adherence", "di pumapalya", "yes"),
        ("ht", "wound", "li sèch", "no"),
        ("ht", "nausea", "m pa ka manje anyen", "yes"),
        ("ht", "nausea", "m ka manje", "no"),
        ("ht", "adherence", "m rete pran l", "no"),
        ("fr", "fever", "j'ai pas de thermometre", None),
        ("fr", "breath", "correct", "no"),
        ("fr", "pickup", "tout récupéré sauf l'anticoagulant", "no"),
        ("pt", "wound", "ainda não vi", None),
        ("pt", "mood", "não to feliz", "yes"),
        ("pt", "mood", "não, tô bem", "no"),
        ("pt", "pickup", "só consegui um", "no"),
        ("ru", "fever", "не мерила", None),
        ("ru", "measured", "не мерила", "no"),
        ("ru", "nausea", "ничего в горло не лезет", "yes"),
        ("ar", "wound", "ما شفته", None),
        ("ar", "pickup", "استنى موافقة التأمين", "no"),
        ("ko", "mood", "아무것도 하기 싫어요", "yes"),
        ("ko", "instructions", "영어라서 반은 모르겠어요", "no"),
    ],
)
def test_answers_in_other_words(language: str, about: str, text: str, answer: str | None) -> None:
    assert said(language, about, text).answer == answer


def test_a_digit_that_stands_for_a_letter_chooses_nothing() -> None:
    labels = ["confirm", "reschedule", "cancel"]
    assert chosen("ar", "na3am akid", "confirm_appointment", labels, VISIT) == "confirm"


@pytest.mark.parametrize("text", ["plutôt bien", "assez bien"])
def test_a_label_means_what_its_own_language_says(text: str) -> None:
    labels = ["très mal", "mal", "moyen", "bien", "très bien"]
    assert chosen("fr", text, "choose_number", labels) == "4"


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("tl", "wala pa po kasi na-cut yung insurance ko", "insurance_barrier"),
        ("fr", "c'est pour moi ou pour mon mari ?", "question"),
        ("ko", "한국말 하는 분 바꿔주세요", "wants_human"),
        ("ar", "خلص دوا السكر من اسبوع ومعيش اشتريه", "cost_barrier"),
    ],
)
def test_what_is_asked_for_or_stands_in_the_way(language: str, text: str, intent: str) -> None:
    assert intent in read(text, Expectation("open_text"), language, None).intents
