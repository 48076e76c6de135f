"""Free texts of complaints as handlers write them, now and then with personal data inside."""

from random import Random

from ingest.demo.complaint_mix import COLLECTION, FEES, RULES, SERVICE_CAUSES
from ingest.demo.people import Person, card_number

_MATTERS = {
    RULES: (
        "反映办理{category}业务时被要求多次补充材料，认为流程不合理",
        "对{category}业务的办理条件有异议，要求说明规则依据",
        "反映{category}业务被限制使用，要求尽快恢复",
        "称{category}业务审批时间过长，多次询问没有明确答复",
    ),
    FEES: (
        "对{category}收取的年费有异议，要求退还",
        "称办理{category}时未被告知手续费标准，要求减免",
        "认为{category}收费项目不合理，要求退费",
    ),
    COLLECTION: (
        "反映{category}过程中多次致电亲属，要求停止骚扰",
        "称催收人员言语不当，要求道歉并停止催收",
    ),
    "信息披露": ("称办理{category}时未充分提示费用和风险",),
    "营销方式和手段": ("反映频繁接到{category}营销电话，要求停止",),
    "消费者资金安全": ("称账户发生非本人交易，要求核查资金去向",),
    "消费者信息安全": ("担心个人信息在办理{category}时被泄露，要求核查",),
    "产品收益": ("称所购产品收益与宣传不符，要求说明",),
    "合同条款": ("对{category}合同中提前还款条款有异议",),
    "自主选择权": ("称办理{category}时被要求同时购买其他产品",),
}
_SERVICE_MATTERS = (
    "反映办理{category}业务时工作人员态度生硬",
    "称排队等候超过一小时，窗口开放不足",
    "反映业务办理差错，要求更正并道歉",
)
_OTHER_MATTERS = (
    "反映{category}业务页面多次报错，无法完成操作",
    "反映自助设备故障，交易未成功但已扣款",
    "就{category}业务提出异议，要求核实原因并答复",
)
_REMARKS = (
    "已向客户致歉",
    "客户情绪激动，已安抚",
    "已纳入溯源整改",
    "已报分行消保办",
    "需持续关注",
)


def content(rng: Random, person: Person, *, category: str, cause: str) -> str:
    """What the complainant said; in some cases with a phone, card or identity number."""
    if cause in SERVICE_CAUSES:
        matters: tuple[str, ...] = _SERVICE_MATTERS
    else:
        matters = _MATTERS.get(cause, _OTHER_MATTERS)
    who = person.name if rng.random() < 0.25 else person.polite_name
    text = f"客户{who}{rng.choice(matters).format(category=category)}。"
    return text + _personal_detail(rng, person)


def remark(rng: Random) -> str | None:
    """A short remark on one case in eight."""
    return rng.choice(_REMARKS) if rng.random() < 0.12 else None


def _personal_detail(rng: Random, person: Person) -> str:
    roll = rng.random()
    if roll < 0.045:
        return f"联系电话{person.phone}，请尽快回复。"
    if roll < 0.055:
        spaced = f"{person.phone[:3]} {person.phone[3:7]} {person.phone[7:]}"
        return f"客户卡号{card_number(rng)}，手机{spaced}。"
    if roll < 0.063:
        return f"身份证号{person.identity_number}，已核实身份。"
    if roll < 0.068:
        return f"材料已发送至{person.email}。"
    return ""
