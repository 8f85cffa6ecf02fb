"""Opt-outs in Chinese, Korean, Vietnamese and Tagalog, each family beside what its words mean otherwise."""

from __future__ import annotations

import pytest

from app.understanding import engine
from app.understanding.reading import Expectation, Reading

BLEEDING = "Any bleeding that worries you? Reply YES or NO."
ADHERENCE = "Are you taking your medicines the way the label says? Reply YES or NO."


def told(text: str, language: str, context: str = "none", prompt: str = "") -> Reading:
    return engine.read(text, Expectation(context, prompt), language, None)


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
