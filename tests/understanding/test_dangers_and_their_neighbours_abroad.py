"""Russian, French, Kreyòl, Portuguese and Arabic: dangers told in passing, and what sounds like them."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

BREATH = {
    "ru": "Вам трудно дышать? Ответьте ДА или НЕТ.",
    "fr": "Avez-vous du mal à respirer ? Répondez OUI ou NON.",
    "ht": "Èske w gen pwoblèm pou w respire? Reponn WI oswa NON.",
    "pt": "Você está com dificuldade para respirar? Responda SIM ou NÃO.",
    "ar": "هل تعاني من صعوبة في التنفس؟ أجب بنعم أو لا.",
}
CHEST = {
    "ru": "Есть ли боль или давление в груди? Ответьте ДА или НЕТ.",
    "ht": "Èske w gen doulè oswa presyon nan lestomak ou? Reponn WI oswa NON.",
}
MOOD = {
    "ru": "За последние 2 недели вы часто чувствовали подавленность или безнадёжность? Ответьте ДА или НЕТ.",
    "fr": "Ces 2 dernières semaines, vous êtes-vous souvent senti déprimé ou sans espoir ? Répondez OUI ou NON.",
    "pt": "Nas últimas 2 semanas, você se sentiu deprimido ou sem esperança? Responda SIM ou NÃO.",
    "ar": "خلال الأسبوعين الماضيين، هل شعرت كثيرا بالاكتئاب أو اليأس؟ أجب بنعم أو لا.",
}


def _of(language: str, asked: str) -> Expectation:
    prompts = {"breath": BREATH, "chest": CHEST, "mood": MOOD}
    if asked == "open":
        return Expectation("open_text")
    return Expectation("symptom_yes_no", prompt=prompts[asked][language])


@pytest.mark.parametrize(
    ("language", "asked", "text"),
    [
        ("ru", "open", "сплю сидя уже вторую ночь, лягу и тону"),
        ("fr", "open", "je dors assis dans le fauteuil depuis 2 nuits sinon je me noie"),
        ("ar", "open", "بنام قاعد من يومين لو نمت بتخنق"),
        ("ru", "mood", "таблетки коплю, на один раз хватит"),
        ("ru", "mood", "Верёвку купил. Сегодня."),
        ("ar", "mood", "ايه. اشتريت الحبل"),
        ("ar", "mood", "مابقاش ليا نفس اعيش"),
        ("fr", "mood", "j'ai plus envie de vivre"),
        ("fr", "mood", "aucune envie de vivre"),
        ("pt", "mood", "não quero viver mais"),
        ("pt", "mood", "não, quero morrer"),
        ("fr", "open", "le testicule me fait un mal de chien depuis 2h, dur comme une pierre"),
        ("pt", "open", "meu saco ta doendo demais desde cedo, duro e subiu"),
        ("pt", "open", "Cobra me picou agora no sítio, perna preta, vista embaçada"),
        ("pt", "open", "vomitei uma coisa preta igual pó de café"),
        ("pt", "open", "coco preto que nem piche e vista escurece quando levanto"),
        ("pt", "breath", "não mas a batata da perna ta dura e inchada e ta ruim de puxar o ar"),
        ("ar", "breath", "لا بس سمانة رجلي ناشفة ووارمة ونفسي ضيق"),
        ("ar", "open", "ايوه بس البخاخ مابقاش يعمل حاجة ومش عارف اكمل جملة"),
        ("ar", "open", "ألم مفاجئ في بطني وظهري وعندي تمدد بالشريان الأبهر"),
        ("ar", "open", "ولدت من اسبوعين حرارتي ٤٠ وصرت اخربط بالكلام"),
        ("ht", "open", "ti bebe a lage kò l li pa tete depi yè"),
        ("ht", "breath", "m te byen, kounye a m ap toufe"),
        ("ht", "breath", "anvan lopital la m te byen, kounye a m ap toufe"),
        ("ht", "open", "m ap fè yon kriz kadyak"),
        ("ht", "open", "kè m fè m mal anpil, bra m lou"),
        ("ht", "open", "mari m pral touye m, m pè"),
        ("ru", "chest", "грудь болит, рука немеет"),
        ("ru", "chest", "грудь давит и рука левая не слушается"),
        ("fr", "open", "on m'a dit d'appeler le 15, j'ai la poitrine serrée et le bras engourdi"),
        ("ar", "open", "اتصلت بالاسعاف بس ما وصلوا، صدري يوجعني وايدي خدرانة"),
        ("ar", "breath", "ولدي عنده الربو وماني قادر اتنفس"),
        ("pt", "open", "minha amiga teve derrame agora aqui em casa, boca torta"),
        ("ru", "open", "мама выпила все свои таблетки разом"),
        ("ru", "open", "губы немеют отекают после креветок"),
        ("ru", "open", "шов разошелся и что-то вылезло"),
        ("ru", "open", "третий час схватки воды зеленые"),
        ("fr", "breath", "non mais je parle un mot à la fois"),
        ("fr", "open", "jpeu plu respiré aidé moi"),
        ("fr", "open", "plus de sang que ce matin, ça coule partout"),
        ("fr", "open", "plus besoin d'attendre, appelez l'ambulance, il respire plus"),
        ("fr", "open", "glycémie 0,40"),
        ("fr", "open", "glycémie 3,20 et je vomis"),
        ("fr", "open", "glycémie 2,1 mmol je tremble"),
        ("ht", "open", "mari m devan pòt la ak yon manchèt"),
        ("ht", "open", "ti bebe 3 semèn gen lafyèv li pa vle tete l ap dòmi sèlman"),
        ("ht", "open", "timoun yo wè l ap touye m ak kout baton"),
        ("pt", "open", "quase me afogo deitado essa noite"),
        ("ar", "open", "جدي مو طبيعي يناديني يمه وجسمه نار"),
        ("ar", "open", "بطني ناشفة زي الحجر ووجع يخليني اصرخ"),
        ("ar", "open", "mesh 2ader atnafes el7a2ony"),
    ],
)
def test_a_danger_is_called(language: str, asked: str, text: str) -> None:
    assert read(text, _of(language, asked), language, None).urgency.label == "emergency"


@pytest.mark.parametrize(
    ("language", "asked", "text"),
    [
        ("ru", "chest", "нет, грудь не болит, рука не немеет, не задыхаюсь"),
        ("ru", "open", "у соседки инсульт, а я ничего"),
        ("pt", "open", "minha vizinha teve derrame, eu to bem"),
        ("fr", "open", "on m'a dit d'appeler le 15 si douleur poitrine, pour l'instant rien"),
        ("ar", "open", "قالوا لي اتصل بالاسعاف لو وجعني صدري، لحد الان مافي شي"),
        ("fr", "open", "et si je tombe dans les pommes sous la douche, j'appelle le 911 ou vous ?"),
        ("fr", "open", "je meurs d'ennui à la maison"),
        ("fr", "open", "les prix m'étouffent"),
        ("fr", "mood", "non, j'ai envie de vivre jusqu'à 100 ans"),
        ("pt", "mood", "não, quero viver até os 100"),
        ("ht", "breath", "anvan lopital la wi m te toufe, kounye a non"),
        ("ht", "open", "kè m fè m mal pou peyi a sèlman"),
        ("ht", "chest", "m te manke fè yon kriz kadyak lè m wè bòdwo a"),
        ("ar", "breath", "الربو عند ولدي مو عندي"),
        ("ar", "breath", "كنت بختنق ومابقاش عندي شي"),
        ("ru", "open", "выпил все таблетки по расписанию"),
        ("ru", "open", "шов зажил, живот не болит"),
        ("fr", "open", "oui je confirme, plus besoin d'ambulance"),
        ("fr", "open", "non pansement sec, plus de sang depuis longtemps"),
        ("fr", "open", "petit j'ai failli me noyer, j'ai peur de l'eau"),
        ("fr", "open", "glycémie 1,10 tension 12/8"),
        ("ht", "open", "m bay timoun yo manje, yo ap touye m ak kesyon"),
        ("ht", "open", "mari m nan jaden an ak manchèt la l ap travay"),
        ("pt", "open", "quando criança quase me afoguei, tenho medo de água"),
        ("ar", "open", "ابني يناديني ماما اول مرة"),
    ],
)
def test_what_sounds_like_a_danger_is_none(language: str, asked: str, text: str) -> None:
    assert read(text, _of(language, asked), language, None).urgency.label in ("none", "routine")


@pytest.mark.parametrize(
    ("language", "text", "wanted", "unwanted"),
    [
        ("fr", "reportez svp, c'est l'enterrement de mon oncle jeudi", "", "deceased"),
        ("pt", "remarca por favor, é o enterro do meu tio na quinta", "", "deceased"),
        ("ht", "chanje l souple, se antèman tonton m jedi", "", "deceased"),
        ("fr", "c'est l'enterrement de maman jeudi, annulez", "deceased", ""),
        ("ht", "wi lendi. doktè ki te konn swiv mwen an mouri, kounye a se Dr Jean", "", "deceased"),
        ("ht", "mari m mouri, doktè a te la", "deceased", ""),
        ("ht", "Granmè m ale jwenn Seyè a vandredi", "deceased", ""),
        ("ar", "الوالدة عطتكم عمرها مبارح", "deceased", ""),
        ("ar", "بلاش اتصالات ورسايل تاني أنا مش فاضي", "opt_out", ""),
        ("ar", "مين انتم؟ الرقم دا مش بتاع الحاج محمود", "wrong_number", ""),
        ("ht", "nou pran move moun, mwen se gason", "wrong_number", ""),
        ("pt", "esse celular é da firma, não tem nenhum Sebastião aqui", "wrong_number", ""),
        ("fr", "je suis le nouveau propriétaire de ce numéro", "wrong_number", ""),
    ],
)
def test_the_dead_the_wrong_and_the_unwilling(language: str, text: str, wanted: str, unwanted: str) -> None:
    intents = read(text, Expectation("open_text"), language, None).intents
    assert not wanted or wanted in intents
    assert unwanted not in intents


def test_at_one_blow_is_no_number() -> None:
    asked = Expectation("scale_0_10", prompt="De 0 à 10, quelle est votre douleur maintenant ?")
    assert read("10 ça m'a pris d'un coup dans la tête", asked, "fr", None).answer == 10
