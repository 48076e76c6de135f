"""Invented personal data in every kind and form, and what must never be found of them again."""

from dataclasses import dataclass

_WIDE = str.maketrans("0123456789@-Xx", "０１２３４５６７８９＠－Ｘｘ")


def wide(text: str) -> str:
    """The text with full-width digits and signs."""
    return text.translate(_WIDE)


@dataclass(frozen=True)
class Planted:
    """How it is written, and the part that gives the person away once separators are gone."""

    kind: str
    text: str
    secret: str


def _mobiles() -> list[Planted]:
    number = "13846275931"
    forms = [
        number,
        wide(number),
        "138 4627 5931",
        "138-4627-5931",
        "138.4627.5931",
        "138　4627　5931",
        "138 46275931",
        "1384627 5931",
        "13846 275931",
        "138\n4627\n5931",
        "1 3 8 4 6 2 7 5 9 3 1",
        "+8613846275931",
        "+86 138-4627-5931",
        "0086-13846275931",
        "(138)46275931",
        "（138）4627－5931",
        "A13846275931B",
        wide("138-4627-5931"),
        "138/4627/5931",
        "138_4627_5931",
        "138\u20034627\u20035931",
        "138\u202f4627\u202f5931",
        "138\ufeff46275931",
        "138    4627    5931",
        "1384627593\t1",
        "138462759\r\n31",
    ]
    return [Planted("mobile", form, number) for form in forms]


def _identities() -> list[Planted]:
    found = []
    for number in ("330106198805172438", "33010619880517243X"):
        forms = [
            number,
            wide(number),
            f"{number[:6]} {number[6:14]} {number[14:]}",
            f"{number[:6]}-{number[6:10]}-{number[10:14]}-{number[14:]}",
            f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:16]} {number[16:]}",
            f"{number[:9]}\n{number[9:]}",
            f"[{number}]",
            f"ID{number}",
            wide(f"{number[:6]} {number[6:14]} {number[14:]}"),
            f"{number[:6]}/{number[6:14]}/{number[14:]}",
            f"{number[:6]}_{number[6:14]}_{number[14:]}",
        ]
        found += [Planted("identity", form, number) for form in forms]
    old = "330106880517243"
    grouped = f"{old[:6]} {old[6:12]} {old[12:]}"
    return [*found, *(Planted("identity_old", form, old) for form in (old, wide(old), grouped))]


def _cards() -> list[Planted]:
    found = []
    for number in ("6222021234567890127", "4367421234567896", "6225880123456789"):
        fours = [number[n : n + 4] for n in range(0, len(number), 4)]
        forms = [number, wide(number), " ".join(fours), "-".join(fours), "  ".join(fours)]
        found += [Planted("card", form, number) for form in (*forms, wide("-".join(fours)))]
    return found


def _others() -> list[Planted]:
    return [
        Planted("landline", "0571-87654321", "87654321"),
        Planted("landline", "（0571）87654321", "87654321"),
        Planted("landline", "057187654321", "87654321"),
        Planted("landline", "电话：87654321", "87654321"),
        Planted("landline", "+86-571-87654321", "87654321"),
        Planted("landline", "0086-571-87654321", "87654321"),
        Planted("landline", "86-571-87654321", "87654321"),
        Planted("landline", "86 10 87654321", "87654321"),
        Planted("mail", "zhangwei.private@example.com", "zhangwei.private"),
        Planted("mail", "zhangwei.private@公司.中国", "zhangwei.private"),
        Planted("mail", "zhangwei.private@example。com", "zhangwei.private"),
        Planted("mail", wide("zhangwei.private@example.com"), "zhangwei.private"),
        Planted("mail", "zhangwei.private @ example.com", "zhangwei.private"),
        Planted("mail", "张伟私@example.com", "张伟私"),
        Planted("mail", "张伟私@银行.中国", "张伟私"),
        Planted("mail", wide("张伟私@example.com.cn"), "张伟私"),
        Planted("mail", "zhang.伟私 @ example.com", "伟私"),
        Planted("chat", "微信号：zw_private_88", "zw_private_88"),
        Planted("chat", "QQ：284619375", "284619375"),
        Planted("chat", "微信ID：zw_private_88", "zw_private_88"),
        Planted("chat", "WeChat ID: zwprivate88", "zwprivate88"),
        Planted("chat", "Qq：284619375", "284619375"),
        Planted("account", "账号：330100987654321", "330100987654321"),
        Planted("account", "账号：1202 0206 0990 0012 345", "1202020609900012345"),
        Planted("account", "账户：1202020609-90001-2345", "1202020609900012345"),
        Planted("account", "存折号：1202020609900012345", "1202020609900012345"),
        Planted("document", "护照号：EA4627593", "EA4627593"),
        Planted("document", "护照号：E84627593", "E84627593"),
        Planted("name", "客户欧阳靖宇来电", "欧阳靖宇"),
        Planted("name", "姓名：诸葛彦霖", "诸葛彦霖"),
        Planted("name", "联系人 瞿彦霖", "瞿彦霖"),
        Planted("name", "投诉人：翟彦霖，", "翟彦霖"),
        Planted("name", "户名：褚彦霖", "褚彦霖"),
        Planted("name", "樊彦霖（先生）", "樊彦霖"),
        Planted("name", "缪彦霖女士", "缪彦霖"),
        Planted("name", "臧先生", "臧先生"),
        Planted("name", "持卡人仝 先生，客户经理栾彦霖", "栾彦霖"),
        Planted("name", "投诉人：阿依古丽·买买提", "阿依古丽"),
        Planted("name", "高明先生来电", "高明"),
        Planted("name", "周杰伦先生", "周杰伦"),
        Planted("name", "高行长", "高行长"),
        Planted("name", "周明主任", "周明"),
        Planted("name", "李副行长", "李副行长"),
        Planted("name", "李明副局长", "李明"),
        Planted("name", "阿依古丽·买买提女士来电", "阿依古丽"),
        Planted("name", "姓名：张 三", "张三"),
        Planted("name", "姓 名：张三", "张三"),
        Planted("name", "王 女士", "王女士"),
        Planted("name", "欧阳靖宇 先生", "欧阳靖宇"),
        Planted("name", "客户经理：王芳", "王芳"),
        Planted("name", "大堂经理：瞿芳", "瞿芳"),
        Planted("name", "代理人：冉芳", "冉芳"),
        Planted("name", "复核人：臧芳", "臧芳"),
        Planted("name", "监护人：高明", "高明"),
        Planted("name", "联系人：鲍芳、鲍明", "鲍明"),
        Planted("name", "联系人：鲍芳、周明、鲍强", "鲍强"),
        Planted("name", "姓名：万俟明", "万俟"),
        Planted("name", "澹台女士", "澹台"),
        Planted("name", "姓名（张三）", "张三"),
        Planted("name", "客户“王芳”来电", "王芳"),
        Planted("name", "法定代表人王芳", "王芳"),
        Planted("address", "住址：浙江省杭州市西湖区翠苑街道学院路８４２号", "学院路８４２号"),
        Planted("address", "学院路842号7幢3单元1602室", "1602室"),
        Planted("address", "家住翠苑新村47幢1602室", "1602室"),
        Planted("address", "住址：浙江 杭州 学院路842号7幢3单元", "学院路842号"),
        Planted("address", "通讯地址（学院路842号7幢）", "学院路842号"),
        Planted("address", "收货地址：文三路123号4幢501", "123号4幢501"),
        Planted("address", "邮寄地址：学院路842号7-3-1602", "842号7-3-1602"),
        Planted("address", "翠苑新村四十七幢一六〇二室", "一六〇二室"),
        Planted("address", "翠苑新村47 幢 1602 室", "1602室"),
    ]


def planted() -> list[Planted]:
    """Every kind in every form."""
    return [*_mobiles(), *_identities(), *_cards(), *_others()]
