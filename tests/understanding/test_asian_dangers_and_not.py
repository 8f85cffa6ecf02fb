"""Dangers, and harmless words like them, as Chinese, Vietnamese, Korean and Tagalog speakers tell them."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Urgency, read

FREE = Expectation("none")
OPEN = Expectation("open_text", "How are you feeling today? Reply in your own words.")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "기침할 때마다 피가 한 컵씩 나와요"),
        ("tl", "may bula na kulay pink pag umuubo ako"),
        ("tl", "di na ko mkahinga"),
        ("tl", "biglang dumilim yung paningin ko sa kanan wala akong makita"),
        ("tl", "gusto ko nang sumunod sa asawa ko sa langit"),
        ("ko", "먼저 간 남편 따라가고 싶어요"),
        ("zh", "孩子们以后就拜托你们了,我撑不下去了,今晚就走"),
        ("zh", "气顶住晒,讲唔到嘢"),
        ("vi", "có lẽ tôi đi cho các con đỡ khổ, thư viết xong rồi"),
        ("vi", "tôi uống hết cả hũ Tylenol tối qua"),
        ("vi", "cháu ngoại 2 tuổi lấy thuốc huyết áp của tôi nuốt mấy viên"),
        ("vi", "sinh được 5 ngày, máu ra từng cục to như quả trứng"),
        ("zh", "老豆跌亲个头,食紧薄血丸,而家好眼瞓"),
        ("vi", "thôi con ở lại mạnh giỏi, má đi đây, má mệt lắm rồi"),
        ("ko", "엄마 먼저 간다 잘 살아라"),
        ("tl", "kayo na bahala sa mga anak ko, pagod na ko, babay"),
        ("tl", "hindi, pero parang may bara sa dibdib papuntang panga"),
        # What was supposed has come.
        ("tl", "sabi ng nurse kapag lumala tumawag, lumala na po, di na ako makahinga"),
        ("vi", "nếu khó thở thì gọi phải không, giờ tôi thở không nổi"),
        ("zh", "护士说如果喘就打电话,现在喘得说不出话了"),
        ("ko", "숨차면 전화하라고 하셨는데 지금 숨을 못 쉬겠어요"),
        # Beside what is mended below.
        ("zh", "住院那阵子喘,现在躺着都喘得厉害"),
        ("zh", "不想再中风了,可是左手刚才又没力气"),
        ("zh", "有紧急情况,快打911"),
        ("zh", "药太贵没买,胸口疼死了"),
        ("zh", "看电视剧看得我也想自杀"),
        ("vi", "hồi nằm viện đỡ, giờ thở không nổi"),
        ("vi", "coi phim xong tôi muốn tự tử"),
        ("vi", "tôi khóc muốn chết cho rồi"),
        ("vi", "má tôi không biết ai hết, sốt 39"),
        ("ko", "드라마 보다가 저도 자살하고 싶어졌어요"),
        ("ko", "응급이에요 911 불러주세요"),
        ("ko", "가슴이 막혀서 죽겠어요"),
        ("ko", "가슴이 아파 죽는 줄 알았는데 지금도 아파요"),
        ("ko", "입 돌아가고 팔 마비돼요 911 불러주세요"),
        ("ko", "약값이 비싸서 못 먹고 있다가 기절했어요"),
        ("zh", "他拿刀打我"),
        ("vi", "ông nhà đang được đưa đi cấp cứu"),
        ("vi", "tôi biết rồi, giờ đang đau ngực khó thở"),
        ("vi", "coi tin tức xong tôi muốn nhảy cầu"),
        ("ko", "뉴스 보다가 저도 뛰어내리고 싶어요"),
        ("ko", "가슴이 아프고 숨차요 구급차 불러야 돼요?"),
        ("tl", "nung na-confine ako ok pa, ngayon sumusuka ako ng dugo"),
        ("tl", "binaril ako ng kapitbahay"),
        ("tl", "dinala na namin sa emergency si nanay"),
        ("tl", "alam ko pag sumakit dibdib tawag 911, ngayon masakit na dibdib ko"),
        ("tl", "nangisay po ang anak ko"),
        ("tl", "ayoko na ma-stroke ulit pero manhid na yung kaliwang kamay ko ngayon"),
        ("tl", "emergency po tumawag ng 911"),
        ("tl", "sabi ng doctor pag sumakit dibdib tawag 911, ang sakit na ng dibdib ko ngayon"),
    ],
)
def test_a_danger(language: str, text: str) -> None:
    assert read(text, OPEN, language, None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "嗯不喘了 住院那阵子喘得厉害 现在躺平都没事"),
        ("zh", "不想再中风了,所以天天量血压"),
        ("zh", "冇,胸口唔痛,气都唔促"),
        ("zh", "明白,有紧急情况打911"),
        ("zh", "这药贵得要命,我心疼死了"),
        ("vi", "hồi nằm viện thở không nổi, giờ khoẻ re"),
        ("vi", "coi cải lương khóc muốn chết mà trong người thì khoẻ re"),
        ("vi", "coi phim cô đó tự tử, khóc quá trời"),
        ("vi", "hiểu, khi nào khẩn cấp thì gọi 911"),
        ("vi", "con tôi làm ở phòng cấp cứu, huyết áp 120/78"),
        ("vi", "sim này tôi mới mua, không biết ai tên Hạnh hết"),
        ("ko", "병원에 있을 땐 숨도 못 쉬었는데 지금은 멀쩡해요"),
        ("ko", "약 먹기 전엔 아파 죽는 줄 알았는데 지금은 한 이 정도예요"),
        ("ko", "차 막혀서 죽겠네요 좀 늦어요"),
        ("ko", "약값이 비싸서 기절할 뻔 했어요"),
        ("ko", "입 돌아가고 팔 마비되면 911 부르라고 들었어요"),
        ("ko", "네 응급이면 911 부르라고 하셨죠"),
        ("ko", "드라마에서 주인공이 자살해서 펑펑 울었어요"),
        ("ko", "기침할 때 피는 안 나와요"),
        ("tl", "ay hindi po yung electric fan lang namin ang naghihingalo"),
        ("tl", "nangisay yung aso namin dinala na sa vet"),
        ("tl", "ayoko na ma-stroke ulit kaya araw araw ako nagbi-BP"),
        ("tl", "sabi ng doctor pag ngumiwi mukha o manhid kamay tawag 911, natandaan ko po"),
        ("tl", "nagpakamatay yung bida sa teleserye iyak ako ng iyak"),
        ("tl", "opo pag emergency tatawag ng 911"),
        ("zh", "孙子拿玩具枪打我,哈哈我中枪了"),
        ("zh", "有车,女儿在急诊上班,下班来接我"),
        ("vi", "bữa nằm viện ói ra máu, giờ ăn uống ngon lành"),
        ("vi", "thằng cháu lấy súng nước bắn tôi ướt hết"),
        ("vi", "có, con gái làm y tá cấp cứu tan ca ghé chở"),
        ("vi", "dạ biết, đau ngực khó thở thì gọi 911"),
        ("ko", "손자가 장난감 총으로 쏴서 죽는 시늉 했어요 ㅋㅋ"),
        ("ko", "뉴스에서 누가 다리에서 뛰어내렸다네요 무서워요"),
        ("ko", "네 가슴 아프고 숨차면 구급차 부르는 거 알아요"),
        ("tl", "nung na-confine ako sumuka ako ng dugo, ngayon malakas na kumain"),
        ("tl", "binaril ako ng apo ko ng water gun basa ako haha"),
        ("tl", "opo, anak ko na nurse sa emergency ang maghahatid"),
        ("tl", "opo alam ko pag sumakit dibdib at hirap huminga tawag 911"),
    ],
)
def test_no_danger(language: str, text: str) -> None:
    assert read(text, OPEN, language, None).urgency is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("language", "text", "intent", "there"),
    [
        ("tl", "paki-alis na lang po ng number ko sa listahan nyo", "opt_out", True),
        ("tl", "hindi naman po, namatay lang sa kilig sa kdrama haha", "deceased", False),
        ("tl", "yung kapitbahay namin na-stroke at namatay last year, ako ok lang", "deceased", False),
        ("tl", "1 po patay na asawa ko 3 years na kaya mag-isa ako pupunta", "deceased", False),
        ("tl", "kapitbahay po ito, namatay na po si Mang Jose", "deceased", True),
        ("tl", "namatay na po ang asawa ko nung lunes", "deceased", True),
        ("tl", "na-stroke tatay ko at namatay nung 2010 kaya ingat ako", "deceased", False),
        ("tl", "namatay po si nanay noong 2026", "deceased", True),
        ("vi", "Ba em mất hôm mùng 5 rồi, thuốc không cần lấy nữa", "deceased", True),
        ("vi", "em trai tôi mất hôm qua, cho tôi dời hẹn", "deceased", False),
        ("ko", "그날 시어머니 장례식이라서요 다음 주로 바꿔주세요", "deceased", False),
        ("ko", "아버지 장례식이라 약 필요 없어요", "deceased", True),
        ("ko", "김순자씨 아닌데요 이 번호 쓴 지 3년 됐어요", "wrong_number", True),
        ("ko", "선생님 아닌데요", "wrong_number", False),
    ],
)
def test_what_is_meant(language: str, text: str, intent: str, there: bool) -> None:
    assert (intent in read(text, FREE, language, None).intents) is there


@pytest.mark.parametrize(
    ("language", "told", "own"),
    [
        ("zh", "医生叫我停了波立维,因为要拔牙", "医生没叫我停,我自己停了波立维"),
        ("ko", "의사가 플라빅스 끊으라고 해서 발치 때문에 쉬고 있어요", "의사 말 안 듣고 플라빅스 끊었어요"),
        ("vi", "bác sĩ dặn ngưng Plavix trước khi nhổ răng", "bác sĩ không kêu mà tôi tự ngưng Plavix rồi"),
    ],
)
def test_who_stopped_the_blood_thinner(language: str, told: str, own: str) -> None:
    assert read(told, FREE, language, None).urgency < Urgency.URGENT
    assert read(own, FREE, language, None).urgency >= Urgency.URGENT


def test_no_pus_is_no_pus() -> None:
    wound = Expectation("symptom_yes_no", "您的伤口有没有发红、发热、肿胀或流脓？请回答“是”或“否”。")
    assert read("没有脓,没红没热没肿", wound, "zh", None).answer == "no"
    assert read("没有黄水", wound, "zh", None).urgency < Urgency.URGENT
    assert read("有黄水流出来", wound, "zh", None).urgency is Urgency.URGENT


def test_the_roof_is_grave_where_moods_are_asked_of() -> None:
    mood = Expectation(
        "symptom_yes_no",
        "지난 2주 동안 자주 우울하거나 희망이 없다고 느끼셨나요? 네 또는 아니요로 답해 주세요.",
    )
    assert read("지금 옥상이에요", mood, "ko", None).urgency is Urgency.EMERGENCY
    assert read("지금 옥상이에요", FREE, "ko", None).urgency is not Urgency.EMERGENCY
