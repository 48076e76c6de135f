"""Consumer-protection reviews before launch, and the opinions that they gave."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from ingest.demo import story
from ingest.demo.draws import busy_day, count, pick, stream
from ingest.demo.timeline import Timeline

_TYPES = {
    "营销活动立项": 34,
    "信息披露/宣传材料": 20,
    "产品变更立项": 14,
    "新产品立项": 12,
    "协议合同": 10,
    "定价管理": 5,
    "制度办法": 5,
}
_SUB_BRANCH_TYPES = ("营销活动立项", "信息披露/宣传材料")
_DEPARTMENTS = {
    "个人金融部": 26,
    "信用卡部": 22,
    "普惠金融部": 14,
    "财富管理部": 16,
    "网络金融部": 14,
    "运营管理部": 8,
}
_SUBJECTS = {
    "营销活动立项": ("代发工资客户有礼", "信用卡消费满减", "缴费立减", "新客开户礼", "存款抽奖"),
    "信息披露/宣传材料": ("理财产品宣传折页", "消费贷款海报", "信用卡分期短信", "公众号推文"),
    "产品变更立项": ("滨海快贷额度调整", "商户收单费率调整", "滨海借记卡权益调整"),
    "新产品立项": ("滨海安居贷", "滨海乐享信用卡", "滨海稳盈理财", "养老专属存款"),
    "协议合同": ("信用卡领用合约", "个人消费借款合同", "代理保险销售协议", "账户服务协议"),
    "定价管理": ("信用卡分期手续费定价", "账户服务收费目录", "提前还款补偿金标准"),
    "制度办法": ("个人客户信息管理细则", "适当性管理实施细则", "营销宣传管理办法"),
}
# Business category of the subjects that are of one; campaigns and policies may be of none.
_CATEGORIES = {
    "信用卡消费满减": "信用卡",
    "缴费立减": "支付结算",
    "存款抽奖": "人民币储蓄",
    "理财产品宣传折页": "自营理财",
    "消费贷款海报": "个人其他消费贷款",
    "信用卡分期短信": "信用卡",
    "滨海快贷额度调整": "个人其他消费贷款",
    "商户收单费率调整": "支付结算",
    "滨海借记卡权益调整": "借记卡",
    "滨海安居贷": "个人住房贷款",
    "滨海乐享信用卡": "信用卡",
    "滨海稳盈理财": "自营理财",
    "养老专属存款": "人民币储蓄",
    "信用卡领用合约": "信用卡",
    "个人消费借款合同": "个人其他消费贷款",
    "代理保险销售协议": "代理保险",
    "账户服务协议": "账户管理",
    "信用卡分期手续费定价": "信用卡",
    "账户服务收费目录": "账户管理",
    "提前还款补偿金标准": "贷款",
}
_OPINIONS = (
    "请以显著方式提示年化利率和全部收费项目。",
    "宣传用语不得出现“最低”“零风险”等绝对化表述。",
    "请补充投诉渠道和联系方式。",
    "请明确活动名额、时间和兑换条件。",
    "收集个人信息应当单独取得同意，并说明用途。",
    "请删除默认勾选，保障客户自主选择权。",
    "请增加适老化说明和大字版材料。",
    "请补充产品风险等级和适当性匹配要求。",
    "违约责任条款应当对等，请修改。",
    "请明确提前还款的收费标准和计算方法。",
)
_ADOPTION = {"采纳": 79, "部分采纳": 13, "未采纳": 8}
_OPINION_COUNTS = {0: 38, 1: 20, 2: 18, 3: 12, 4: 8, 5: 4}
_EARLY_LAUNCHES = 4
_REJECTED_SHARE = 0.06
# Share that passes only after changes, by number of opinions: none, one, more.
_CHANGES_SHARE = (0.0, 0.45, 0.95)


@dataclass(frozen=True)
class Opinion:
    """One opinion of a review and whether the unit took it over."""

    text: str
    adoption: str


@dataclass(frozen=True)
class Review:
    """One review; without conclusion and opinions while it is under way."""

    review_id: str
    review_type: str
    category: str | None
    subject: str
    unit: str
    submitted: datetime
    accepted: date | None
    concluded: date | None
    launched: date | None
    stage: str
    conclusion: str | None
    issues: int | None
    rectified: int | None
    opinions: tuple[Opinion, ...]

    @property
    def is_first_pass(self) -> bool | None:
        """Whether it passed without changes; open while there is no conclusion."""
        return None if self.conclusion is None else self.conclusion == "同意"


def make_reviews(timeline: Timeline, seed: int) -> list[Review]:
    """Every review submitted in the covered months, in the order of submission."""
    rng = stream(seed, "reviews")
    days = sorted(
        busy_day(rng, timeline.days(index))
        for index in range(len(timeline.months))
        for _ in range(count(rng, story.REVIEWS_PER_MONTH * timeline.covered_share(index)))
    )
    numbers: dict[int, int] = {}
    reviews = []
    for day in days:
        numbers[day.year] = numbers.get(day.year, 0) + 1
        reviews.append(_review(rng, timeline, day, f"SC-{day.year}-{numbers[day.year]:04d}"))
    return _with_early_launches(rng, reviews)


def _review(rng: Random, timeline: Timeline, day: date, review_id: str) -> Review:
    review_type = pick(rng, _TYPES)
    is_local = review_type in _SUB_BRANCH_TYPES and rng.random() < 0.6
    unit = rng.choice(story.SUB_BRANCHES).name if is_local else pick(rng, _DEPARTMENTS)
    accepted = day + timedelta(rng.choice((0, 0, 1, 1, 2)))
    concluded = accepted + timedelta(rng.randint(2, 9))
    launched = concluded + timedelta(rng.randint(4, 45))
    is_concluded = concluded <= timeline.end
    opinions = _opinions(rng) if is_concluded else ()
    conclusion = _conclusion(rng, opinions) if is_concluded else None
    issues = len(opinions) if is_concluded else None
    is_launched = launched <= timeline.end and conclusion in {"同意", "修改后同意"}
    subject = rng.choice(_SUBJECTS[review_type])
    return Review(
        review_id=review_id,
        review_type=review_type,
        category=_CATEGORIES.get(subject),
        subject=f"{day.year}年{day.month}月{subject}",
        unit=unit,
        submitted=datetime.combine(day, time(rng.randint(9, 17), rng.randint(0, 59))),
        accepted=accepted if accepted <= timeline.end else None,
        concluded=concluded if is_concluded else None,
        launched=launched if is_launched else None,
        stage=_stage(accepted, timeline.end, conclusion),
        conclusion=conclusion,
        issues=issues,
        rectified=_rectified(rng, issues, is_recent=(timeline.end - concluded).days < 60),
        opinions=opinions,
    )


def _opinions(rng: Random) -> tuple[Opinion, ...]:
    texts = rng.sample(_OPINIONS, pick(rng, _OPINION_COUNTS))
    return tuple(Opinion(text, pick(rng, _ADOPTION)) for text in texts)


def _conclusion(rng: Random, opinions: tuple[Opinion, ...]) -> str:
    if len(opinions) >= 2 and rng.random() < _REJECTED_SHARE:
        return "不同意"
    needs_changes = rng.random() < _CHANGES_SHARE[min(2, len(opinions))]
    return "修改后同意" if needs_changes else "同意"


def _stage(accepted: date, end: date, conclusion: str | None) -> str:
    if conclusion is None:
        return "审查中" if accepted <= end else "待审查"
    return "退回/驳回" if conclusion == "不同意" else "已归档"


def _rectified(rng: Random, issues: int | None, *, is_recent: bool) -> int | None:
    if not issues:
        return issues
    share = 0.55 if is_recent else 0.95
    return sum(rng.random() < share for _ in range(issues))


def _with_early_launches(rng: Random, reviews: list[Review]) -> list[Review]:
    """Let a few products start before their opinion was given, which is a breach."""
    launched = [place for place, review in enumerate(reviews) if review.launched]
    for place in rng.sample(launched, _EARLY_LAUNCHES):
        review = reviews[place]
        early = review.submitted.date() + timedelta(1)
        reviews[place] = Review(**{**vars(review), "launched": early})
    return reviews
