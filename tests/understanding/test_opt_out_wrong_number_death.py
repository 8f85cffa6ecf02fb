"""Opt-outs, wrong numbers, deaths and opt-ins in people's own words, each beside what only sounds like it."""

from __future__ import annotations

import pytest

from app.understanding import engine
from app.understanding.reading import Expectation

OURS = {"opt_out", "wrong_number", "deceased", "opt_in"}
GOOD_TIME = "Is now a good time for a few questions? Reply YES or NO."


def told(text: str, language: str, context: str = "none", prompt: str = "") -> set[str]:
    return OURS & set(engine.read(text, Expectation(context, prompt), language, None).intents)


@pytest.mark.parametrize(
    ("language", "intent", "text", "trap"),
    [
        ("en", "opt_out", "take me off whatever this is", "take me off the blood thinner"),
        ("en", "opt_out", "i dont need a robot checking on me", "i dont need a robot i need a nurse"),
        ("en", "opt_out", "please don't write again", "i never write anymore my hand shakes"),
        ("en", "opt_out", "these messages are not needed thank you", "the messages are needed"),
        ("en", "opt_out", "get this off my phone", "get me out of here"),
        ("en", "opt_out", "dont waste your time texting me", "dont bother calling the ambulance"),
        ("en", "opt_out", "this is the third time I've asked to be removed", "stitches need to be removed"),
        ("en", "opt_out", "is there a way to not get these", "is there a way to not get these headaches"),
        ("en", "opt_out", "no need to keep checking on me", "calls are fine but no texts"),
        ("en", "opt_out", "stop txtn me", "stop texting me at work, text after 5"),
        ("en", "opt_out", "i hav had enuff of these msgs", "i dont want these texts to stop"),
        ("en", "opt_out", "count me out", "count me out for thursday"),
        ("en", "wrong_number", "I think you meant to text someone else", "you have the wrong time"),
        ("en", "wrong_number", "Mr. Lopez no longer uses this phone", "i dont know who my doctor is"),
        ("en", "wrong_number", "she changed her number", "its Jon not John"),
        ("en", "deceased", "we laid him to rest", "we lost her paperwork"),
        ("en", "deceased", "god called him home", "i'm in heaven, no pain"),
        ("en", "deceased", "she gained her wings on friday", "passed on the flu shot"),
        ("en", "deceased", "he succumbed to his illness", "my mother died of this"),
        ("en", "opt_in", "i'd like to get the texts again", "why do i get the texts again"),
        ("en", "opt_in", "turn them back on", "turn the heat back on"),
        ("en", "opt_in", "resume", "resume coumadin?"),
        ("en", "opt_out", "i dont need these texts anymore", "i dont need these pills anymore"),
        ("es", "opt_out", "no necesito que me manden mensajes", "no necesito que me manden la receta"),
        ("es", "opt_out", "no necesito que un robot me cuide", "el dolor no me deja en paz"),
        ("es", "opt_out", "le agradecería que no me escribiera más", "llameme, no me escriba"),
        ("es", "opt_out", "yo no di permiso para que me escriban", "no di permiso para la cirugía"),
        ("es", "opt_out", "cancelen mi suscripcion", "me dieron de baja del medicaid"),
        ("es", "opt_out", "no quiero participar mas", "no me interesa ese horario"),
        ("es", "wrong_number", "creo que busca a otra persona", "cambié de número, soy maría"),
        ("es", "wrong_number", "se equivocó de numero", "se equivocaron de hora"),
        ("es", "deceased", "le ganó la batalla el cáncer", "le ganó la batalla al cáncer"),
        ("es", "deceased", "soy su hija, mi papá falleció anoche", "mi mamá murió de lo mismo"),
        ("es", "opt_in", "manden los mensajes de nuevo", "vuelvan a mandar la receta"),
        ("fr", "opt_out", "ça suffit les textos", "ça suffit les piqûres"),
        ("fr", "opt_out", "merci de ne plus m'écrire", "ne m'appelez pas maintenant je travaille"),
        ("fr", "opt_out", "je n'ai jamais demandé ces messages", "pas intéressé par cette heure"),
        ("fr", "wrong_number", "elle n'a plus ce téléphone", "je ne connais pas ce médecin"),
        ("fr", "deceased", "le cancer l'a emporté", "ma mère est morte de ça"),
        ("fr", "deceased", "il repose en paix", "elle nous a quittés pour aller chez sa fille"),
        ("fr", "opt_in", "vous pouvez de nouveau m'écrire", "pouvez-vous m'écrire une ordonnance"),
        ("pt", "opt_out", "to de saco cheio dessas mensagens", "de saco cheio dessa dor"),
        ("pt", "opt_out", "esquece meu numero", "não esqueça meu número"),
        ("pt", "opt_out", "estou bem, não precisa mais me mandar mensagem", "não parem de mandar mensagem"),
        ("pt", "wrong_number", "aqui não tem nenhuma maria", "aqui não tem nenhuma farmácia"),
        ("pt", "deceased", "ela nos deixou domingo", "ela nos deixou na mão"),
        ("pt", "opt_in", "me coloca de volta na lista", "me coloca na lista de espera"),
        ("ht", "opt_out", "bliye nimewo m", "pa bliye nimewo m"),
        ("ht", "opt_out", "m pa t janm mande mesaj sa yo", "doulè a pa kite m trankil"),
        ("ht", "wrong_number", "m fenk pran nimewo sa", "m chanje nimewo, se marie"),
        ("ht", "deceased", "kansè a pote l ale", "manman m te mouri ak maladi sa"),
        ("ru", "opt_out", "как отключить эти сообщения", "не звоните сейчас я на работе"),
        ("ru", "opt_out", "у меня все хорошо, писать мне больше не нужно", "лучше звоните, не пишите"),
        ("ru", "wrong_number", "я недавно купил эту симку", "ошиблись временем"),
        ("ru", "deceased", "Господь забрал его", "его больше нет в больнице, выписали"),
        ("ru", "opt_in", "верните меня в список", "верните меня в палату"),
        ("ar", "opt_out", "انسوا رقمي", "لا تتصلوا الآن أنا في العمل"),
        ("ar", "opt_out", "لا أريد استقبال هذه الرسائل", "لا أحتاج ابني يوصلني"),
        ("ar", "wrong_number", "ما في مريم هون", "ما في ألم هون"),
        ("ar", "deceased", "خسر معركته مع السرطان", "أمي ماتت بنفس المرض"),
        ("ar", "opt_in", "أريد الرسائل من جديد", "متى أرجع آخذ الأنسولين"),
        ("tl", "opt_out", "paano ba ititigil to mga text na to", "wag muna kayo tumawag nasa trabaho ako"),
        ("tl", "opt_out", "kalimutan nyo na number ko", "tawag na lang wag text"),
        ("tl", "wrong_number", "bagong bili ko lang tong sim", "di ko kilala yang doktor"),
        ("tl", "deceased", "kinuha na siya ng Diyos", "wala na siya sa ospital"),
        ("tl", "deceased", "natalo siya ng cancer", "namatay nanay ko sa ganyan"),
        ("tl", "opt_in", "simulan ulit", "kailan ko sisimulan ulit ang insulin"),
        ("vi", "opt_out", "làm sao để tắt mấy tin nhắn này", "đừng ngừng gửi tin nhắn"),
        ("vi", "opt_out", "tôi không cần nhắc", "không cần nhắc lại đâu tôi hiểu rồi"),
        ("vi", "wrong_number", "tôi mới mua sim này", "tôi đổi số, Lan đây"),
        ("vi", "deceased", "bà đã về với Chúa", "tôi muốn về với Chúa"),
        ("vi", "deceased", "ông đã ra đi thanh thản", "ông ấy về nhà rồi"),
        ("vi", "opt_in", "bắt đầu lại", "khi nào uống insulin lại"),
        ("zh", "opt_out", "受够你们的短信了", "现在别打电话我在上班"),
        ("zh", "opt_out", "怎么才能不收这些短信", "打电话吧别发短信"),
        ("zh", "wrong_number", "这里没有王丽", "我换号了，我是王丽"),
        ("zh", "deceased", "癌症夺走了他", "我妈就是这个病走的"),
        ("zh", "deceased", "他去见上帝了", "他走了回家了"),
        ("zh", "opt_in", "再把我加回去", "什么时候重新打胰岛素"),
        ("ko", "opt_out", "문자 지겨워요", "통증이 지겨워요"),
        ("ko", "opt_out", "내 번호 잊어주세요", "지금 전화하지 마세요 일하는 중이에요"),
        ("ko", "wrong_number", "여기 식당인데요", "번호 바꿨어요 저 김영희예요"),
        ("ko", "deceased", "하나님 품으로 가셨어요", "집에 돌아갔어요"),
        ("ko", "opt_in", "다시 등록해주세요", "예약 다시 등록해주세요"),
    ],
)
def test_each_wording_beside_its_trap(language: str, intent: str, text: str, trap: str) -> None:
    assert told(text, language) == {intent}
    assert not told(trap, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "not now not ever"),
        ("en", "no and dont ask again"),
        ("es", "no, ni ahora ni nunca"),
        ("es", "no y no vuelvan a preguntar"),
        ("fr", "non, ni maintenant ni jamais"),
        ("pt", "não e não pergunte de novo"),
        ("ht", "non epi pa mande m ankò"),
        ("ru", "нет и больше не спрашивайте"),
        ("ar", "لا ولا تسألوني مرة ثانية"),
        ("tl", "hindi at wag nyo na akong tanungin ulit"),
        ("vi", "không và đừng hỏi nữa"),
        ("zh", "不行，以后也别问了"),
        ("ko", "아니요 다시 묻지 마세요"),
    ],
)
def test_a_no_for_good_to_a_good_time(language: str, text: str) -> None:
    assert told(text, language, "yes_no", GOOD_TIME) == {"opt_out"}
    assert not told(text, language, "symptom_yes_no", "Are you having thoughts of harming yourself?")
