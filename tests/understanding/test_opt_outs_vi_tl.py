"""Vietnamese and Tagalog: the plain families of opting out, and what their words mean in other replies."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "cho tôi thôi nhận mấy tin này"),
        ("vi", "quit tin nhắn giùm em"),
        ("vi", "tui hết gọi hết nhắn gì nữa nha, nghỉ nhắn giùm"),
        ("vi", "không thích tin nhắn kiểu này"),
        ("vi", "lời nhắc thì xin dẹp luôn"),
        ("vi", "tin nhắn cũng bỏ luôn"),
        ("vi", "còn gửi nữa là tôi thưa đó"),
        ("vi", "tôi sẽ kiện nếu còn gọi"),
        ("vi", "bấm gì để hết nhận tin"),
        ("vi", "tôi nói ngưng mấy lần rồi mà vẫn còn nhắn"),
        ("vi", "gạch tôi ra khỏi cơ sở dữ liệu"),
        ("vi", "đã đánh dấu spam số này"),
        ("vi", "thôi cho tui nhờ, nhắn gì nhắn hoài"),
        ("vi", "tìm ai khác mà phá"),
        ("vi", "xin phép dừng ở đây ạ"),
        ("vi", "không nhận nữa"),
        ("vi", "đừng ib cho mình nữa"),
        ("vi", "cancel dịch vụ này nha"),
        ("vi", "tôi không nghe mấy cuộc này nữa"),
        ("tl", "paki-stop na po"),
        ("tl", "itigil nyo na yan please"),
        ("tl", "di ko na nais ang mga reminder"),
        ("tl", "ireport ko kayo kapag may text pa"),
        ("tl", "pakitantanan nyo na si tatay"),
        ("tl", "tinatanggihan ko ang mga tawag"),
        ("tl", "putulin na natin tong texts"),
        ("tl", "remove my name please"),
        ("tl", "pass na ako sa reminders"),
        ("tl", "wala na pong bisa ang consent ko"),
        ("tl", "di ko pinahihintulutan ang paggamit ng number ko"),
        ("tl", "huminto na kayo sa pagtawag"),
        ("tl", "undanga na ang text"),
        ("tl", "saan pipindutin para di na magtext"),
        ("tl", "humanap kayo ng ibang kukulitin"),
        ("tl", "no texts no calls please"),
        ("tl", "hayaan nyo akong manahimik"),
    ],
)
def test_any_wording_opts_out(language: str, text: str) -> None:
    assert "opt_out" in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "chồng bỏ tôi lâu rồi, tôi sống một mình"),
        ("vi", "đừng hủy lịch hẹn của tôi"),
        ("vi", "ngưng thuốc rồi mà vẫn còn đau"),
        ("vi", "bác sĩ nói ngưng rồi mà vẫn còn sưng"),
        ("vi", "hết gọi được cho phòng khám"),
        ("vi", "phòng mạch hết nhận bệnh nhân mới"),
        ("vi", "tôi không nhận được tin nhắn nào"),
        ("vi", "không cần thông tin bảo hiểm hả cô"),
        ("vi", "chỉ khâu ngứa quá, cắt đi được chưa"),
        ("vi", "đừng xóa số tôi nha, tôi còn cần"),
        ("vi", "tin nhắn này của ai vậy"),
        ("vi", "cho tôi gửi lời cảm ơn bác sĩ"),
        ("vi", "cơn đau không tha cho tôi ngày nào"),
        ("vi", "tìm người khác chở tôi đi khám"),
        ("vi", "không nghe rõ cuộc gọi hôm qua"),
        ("vi", "hủy theo lời bác sĩ dặn"),
        ("vi", "gọi tôi nha đừng gọi ba tôi"),
        ("vi", "nhắn gì thì nhắn tiếng Việt nha"),
        ("vi", "hết bệnh rồi không phải uống thuốc nữa"),
        ("vi", "cho tôi dừng uống thuốc ở đây được không"),
        ("vi", "không cần xe đưa đón"),
        ("vi", "báo cho bác sĩ nếu còn sốt hả"),
        ("vi", "tiền thuốc nhiều quá ngưng luôn rồi"),
        ("vi", "máy hết pin tắt luôn"),
        ("vi", "con tôi không cho tôi gọi 911"),
        ("vi", "xin đừng cắt tin nhắn, tôi còn coi"),
        ("vi", "tôi chưa muốn dừng tin nhắc"),
        ("vi", "thôi cho tôi hẹn thứ sáu"),
        ("vi", "không có nhu cầu gặp y tá"),
        ("vi", "gửi số thẻ bảo hiểm ở đâu"),
        ("vi", "xin nghỉ một ngày"),
        ("vi", "bệnh viện không cho gọi vô phòng"),
        ("vi", "ai cho tôi hỏi chút"),
        ("vi", "cho tôi dời qua thứ năm"),
        ("vi", "dạ em nhận tin rồi"),
        ("vi", "không gửi kết quả cho tôi hả"),
        ("tl", "tigil na po ang pagdurugo"),
        ("tl", "tumigil na ang text nyo, bakit po"),
        ("tl", "wag nyo pong kanselahin ang appointment"),
        ("tl", "sabi sa text itigil ang gamot, tama ba"),
        ("tl", "tapos na ako sa survey"),
        ("tl", "irereport ko kayo pag di kayo tumawag"),
        ("tl", "wala pong tawag galing sa doktor"),
        ("tl", "alisin na ba ang benda"),
        ("tl", "ayaw tumawag ng cellphone ko"),
        ("tl", "gusto ko pang makatanggap ng text"),
        ("tl", "di ko makita ang text nyo kahapon"),
        ("tl", "last na gamot ko na kahapon"),
        ("tl", "di ako interesado sa schedule na yan"),
        ("tl", "tinigil ko na ang paninigarilyo"),
        ("tl", "di ako tinatantanan ng ubo"),
        ("tl", "iba na lang ang oras"),
        ("tl", "wag na kayong mag alala"),
        ("tl", "nag stop ako uminom ng gamot"),
        ("tl", "ano pong gagawin para di na sumakit"),
        ("tl", "ayaw na ng pasyente kumain"),
        ("tl", "di ko kailangan ng sundo"),
        ("tl", "pass muna ako sa lunes"),
        ("tl", "di naman po sinasadyang mag stop"),
        ("tl", "lalabas na ako sa ospital"),
        ("tl", "hayaan nyo akong magpahinga muna bukas na lang"),
        ("tl", "wag nyo nang patayin ang ilaw sa kwarto"),
        ("tl", "hindi na kailangan ng wheelchair"),
        ("tl", "opo binigyan nila ako ng reseta"),
        ("tl", "ayaw ng nanay ko ng gamot"),
        ("tl", "wag ipadala sa bahay ang gamot, kukunin ko"),
        ("tl", "di ko pa natanggap ang text"),
        ("tl", "dati nag stop ako ng gamot"),
        ("tl", "ayoko na po ng lugaw"),
        ("tl", "no need for a ride"),
        ("tl", "hindi po ako tumatanggap ng bisita"),
        ("tl", "ilang beses na ako nag stop ng gamot"),
    ],
)
def test_the_same_words_about_something_else(language: str, text: str) -> None:
    assert "opt_out" not in told(text, language).intents


@pytest.mark.parametrize("text", ["pakibalik po ng reminders", "gusto ko pong sumali ulit"])
def test_wants_them_again(text: str) -> None:
    assert "opt_in" in told(text, "tl").intents


def test_a_wish_whom_to_call_is_for_a_person() -> None:
    assert told("gọi tôi nha đừng gọi ba tôi", "vi").flag
