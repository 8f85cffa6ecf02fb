"""Opt-outs in Chinese, Korean, Vietnamese and Tagalog, each family beside what its words mean otherwise."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told

BLEEDING = "Any bleeding that worries you? Reply YES or NO."
ADHERENCE = "Are you taking your medicines the way the label says? Reply YES or NO."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "把我号码删了吧"),
        ("zh", "从你们数据库里把我拿掉"),
        ("zh", "我撤销之前的同意"),
        ("zh", "谁让你们发的 我没同意"),
        ("zh", "希望不再被联系"),
        ("zh", "不再需要您的问候 谢谢"),
        ("zh", "从今天起终止短信服务"),
        ("zh", "把提醒关掉"),
        ("zh", "我不想参加这个项目了"),
        ("zh", "已经把你们拉黑了"),
        ("zh", "如何取消这个服务"),
        ("zh", "有完没完"),
        ("zh", "甭给我打了"),
        ("zh", "短信免了"),
        ("zh", "退丁"),
        ("ko", "다시는 걸지 마세요"),
        ("ko", "발송을 멈춰 주세요"),
        ("ko", "제 동의를 취소하겠습니다"),
        ("ko", "데이터베이스에서 삭제 바랍니다"),
        ("ko", "아버지 정보 말소 부탁드립니다"),
        ("ko", "필요 없어요 이런 문자"),
        ("ko", "프로그램에서 나가고 싶습니다"),
        ("ko", "또 보내면 신고합니다"),
        ("ko", "저 좀 냅둬요"),
        ("ko", "이걸로 연락 마무리해 주세요"),
        ("ko", "전화 안 오게 좀 해줘요"),
        ("ko", "허락도 없이 왜 자꾸 문자질이에요"),
        ("ko", "수신거뷰"),
        ("vi", "cho tôi ra khỏi danh sách"),
        ("vi", "gạch tên má tôi ra"),
        ("vi", "tôi thu hồi sự cho phép"),
        ("vi", "tôi không cho phép gọi nữa"),
        ("vi", "tôi muốn rút khỏi chương trình"),
        ("vi", "nhắn nữa là tôi chặn"),
        ("vi", "tắt tin nhắn giùm tôi"),
        ("vi", "cách nào ngừng mấy tin này"),
        ("vi", "để cho tui yên"),
        ("vi", "từ chối nhận tin"),
        ("vi", "dung nhan tin cho toi nua"),
        ("vi", "tin nhắn tốn tiền lắm, ngưng giùm"),
        ("tl", "hwg n kau mgtxt"),
        ("tl", "wag na po kayo mangumusta"),
        ("tl", "ipatanggal ko po sana number ko"),
        ("tl", "binabawi ko po ang pagpayag ko"),
        ("tl", "kailan pa ako pumayag na i-text nyo ako"),
        ("tl", "paano matigil ang mga text na to"),
        ("tl", "isa pang tawag ire-report ko na kayo"),
        ("tl", "ang kulit nyo, tama na"),
        ("tl", "sawa na po ako sa kakatext nyo"),
        ("tl", "ayoko nang sumali"),
        ("tl", "umayaw na ako sa program"),
        ("tl", "off nyo na yung reminders"),
        ("tl", "wag nyo na kami guluhin"),
    ],
)
def test_any_wording_opts_out(language: str, text: str) -> None:
    assert "opt_out" in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "把我的名字从候补名单上去掉"),
        ("zh", "我撤回手术同意书"),
        ("zh", "医生不联系我"),
        ("zh", "你们怎么不发提醒了"),
        ("zh", "请不要忘记给我发提醒"),
        ("zh", "手机关机了没看到"),
        ("zh", "退出门诊系统了 登录不进去"),
        ("zh", "Netflix 退订不了"),
        ("zh", "不想再打化疗了"),
        ("zh", "保险公司说不用再联系他们了"),
        ("zh", "不想给你们添麻烦"),
        ("ko", "전화 끊지 마세요"),
        ("ko", "의사 연락이 끊어졌어요"),
        ("ko", "수술 동의 철회하고 싶어요"),
        ("ko", "대기자 명단에서 빼 주세요"),
        ("ko", "방문 간호사 그만 보내주세요"),
        ("ko", "입맛이 없고 먹는 데 관심 없어요"),
        ("ko", "재활 프로그램 그만두고 싶어요"),
        ("ko", "보험 서비스가 거절됐어요"),
        ("ko", "왜 연락을 중단하셨어요"),
        ("ko", "아내가 저 좀 내버려 두라네요"),
        ("vi", "bỏ tên tôi ra khỏi danh sách chờ"),
        ("vi", "tôi rút lại giấy đồng ý mổ"),
        ("vi", "không quan tâm ăn uống"),
        ("vi", "sao lâu quá không nhắn tin"),
        ("vi", "đừng gửi thuốc nữa còn nhiều lắm"),
        ("vi", "thôi để con tôi gọi"),
        ("vi", "không muốn gọi ai hết"),
        ("vi", "lấy số thứ tự ở đâu"),
        ("vi", "chắc không nhắn tin được"),
        ("tl", "wag nyo pong itigil ang text kailangan ko yan"),
        ("tl", "wag nyo na po akong padalhan ng gamot marami pa"),
        ("tl", "tanggalin nyo ako sa waiting list"),
        ("tl", "binabawi ko ang pagpayag ko sa operasyon"),
        ("tl", "di na ako interesado sa pagkain"),
        ("tl", "na-unsubscribe ko na yung sa Netflix bat may kaltas pa"),
        ("tl", "naka block insurance ko"),
        ("tl", "bat wala na kayong text"),
        ("tl", "ayaw mag text ng phone ko"),
    ],
)
def test_the_same_words_about_something_else(language: str, text: str) -> None:
    assert "opt_out" not in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "不要打电话 发短信就行"),
        ("zh", "别发短信了 打电话给我吧"),
        ("zh", "上班时间不要打电话"),
        ("zh", "能不能少发一点"),
        ("ko", "전화하지 말고 문자로 주세요"),
        ("ko", "근무 시간에는 전화하지 말아 주세요"),
        ("ko", "문자 좀 줄여 주세요"),
        ("vi", "đừng gọi, nhắn tin thôi"),
        ("vi", "tối đừng gọi, sáng gọi nha"),
        ("vi", "nhắn ít thôi"),
        ("tl", "text na lang po wag na tumawag"),
        ("tl", "wag po kayo tumawag sa gabi"),
    ],
)
def test_a_wish_about_how_or_when_is_for_a_person(language: str, text: str) -> None:
    reading = told(text, language)
    assert "opt_out" not in reading.intents
    assert reading.flag


@pytest.mark.parametrize(
    ("language", "text", "prompt"),
    [
        ("vi", "ngừng rồi", BLEEDING),
        ("vi", "ngưng rồi", ADHERENCE),
        ("zh", "停了", BLEEDING),
        ("ko", "멈췄어요", BLEEDING),
        ("ko", "그만 먹었어요", ADHERENCE),
        ("tl", "tumigil na po", BLEEDING),
        ("tl", "tama na po", ADHERENCE),
    ],
)
def test_what_stopped_was_asked_about(language: str, text: str, prompt: str) -> None:
    assert "opt_out" not in told(text, language, "symptom_yes_no", prompt).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "问候短信以后不用给我了"),
        ("zh", "这个提醒我不要了"),
        ("zh", "通知我一概不收"),
        ("zh", "本人不同意接收"),
        ("zh", "不许你们再用我的电话号码"),
        ("zh", "别让机器人天天打来"),
        ("zh", "不想老被机器人盯着"),
        ("zh", "别老问我了"),
        ("zh", "别往我号码里塞"),
        ("zh", "你们以后不必跟进了"),
        ("zh", "请终止对我家的随访"),
        ("zh", "退出你们的回访项目"),
        ("zh", "短信全部停掉"),
        ("zh", "踢我出群吧"),
        ("zh", "从通讯录里去掉我"),
        ("zh", "给我备注成请勿联系"),
        ("zh", "怎么才能让它不打来"),
        ("zh", "你们已经进了我黑名单"),
        ("zh", "再响一次我就去法院"),
        ("zh", "能不能不打给我了"),
        ("zh", "没登记过你们的服务 赶紧取消"),
        ("zh", "stop 短信"),
        ("ko", "문자 세례 좀 그만"),
        ("ko", "quit 문자 부탁"),
        ("ko", "고만 보네세요"),
        ("ko", "전화 일절 하지 마십시오"),
        ("ko", "내가 전화할 테니 연락 마세요"),
        ("ko", "이딴 문자 넣지 마세요"),
        ("ko", "이제 전화하실 필요 없어요"),
        ("ko", "알림은 이제 됐습니다"),
        ("ko", "다음부터는 안 물어보셔도 됩니다"),
        ("ko", "수신 의향 없음"),
        ("ko", "저는 안 받는 걸로 해 주세요"),
        ("ko", "전화는 이걸로 마무리하시죠"),
        ("ko", "중단해 주세요 이런 알림"),
        ("ko", "설문에서 저 좀 빼 주세요"),
        ("ko", "지워 주세요 우리 어머니 번호"),
        ("ko", "탈퇴 처리 바랍니다"),
        ("ko", "끝낼게요 이 설문"),
        ("ko", "안 울리게 해 주세요"),
        ("ko", "한번만 더 보내면 민원 넣어요"),
        ("ko", "다른 분한테나 보내세요"),
    ],
)
def test_plain_families_are_read(language: str, text: str) -> None:
    assert "opt_out" in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "别给我发英语的"),
        ("zh", "上周退订了 现在又想收短信"),
        ("zh", "提醒我不小心删了 再发一次"),
        ("zh", "他天天骚扰我 我不想听他的"),
        ("zh", "请联系我儿子的手机 别打家里"),
        ("zh", "不想再被他骚扰"),
        ("zh", "短信不用了 直接打电话"),
        ("zh", "医院不收我的保险"),
        ("zh", "你们不用操心 我挺好"),
        ("zh", "把纱布给我撤掉了"),
        ("ko", "영어로 전화하지 말고 한국말로 해 주세요"),
        ("ko", "제가 수신거부했나요"),
        ("ko", "수술 받기 싫어요"),
        ("ko", "아들은 전화 안 받으니 저한테 걸어 주세요"),
        ("ko", "보내지 말라고 한 건 약국 얘기예요"),
        ("ko", "실밥 빼 주세요"),
        ("ko", "구급차 보내실 필요 없어요"),
        ("ko", "번호 삭제해서 전화 못 드렸어요"),
        ("ko", "숨차서 그만 걸었어요"),
        ("ko", "간호사 집에 안 오셔도 돼요"),
    ],
)
def test_their_doubles_are_not(language: str, text: str) -> None:
    assert "opt_out" not in told(text, language).intents


@pytest.mark.parametrize(("language", "text"), [("zh", "以后打我女婿的手机"), ("ko", "저한테 걸어 주세요")])
def test_who_is_to_be_called_is_for_a_person(language: str, text: str) -> None:
    assert told(text, language).flag


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [("zh", "之前退订了 想重新加入", True), ("ko", "한국말로 다시 보내 주세요", False)],
)
def test_back_on_the_list(language: str, text: str, *, wanted: bool) -> None:
    assert ("opt_in" in told(text, language).intents) is wanted
