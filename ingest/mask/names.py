"""Chinese personal names where the text marks them: 客户张三, 姓名：李四, 王女士, 赵行长."""

import re

from ingest.mask.ordinary import RELEASED, kept
from ingest.mask.rules import Rule, applied

_DOUBLE = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|端木|夏侯|轩辕|南宫|西门|"
    "呼延|独孤|万俟|澹台|赫连|钟离|濮阳|淳于|太叔|申屠|公冶|宗政|鲜于|闾丘|仲孙|亓官|司寇|颛孙|"
    "巫马|漆雕|公良|拓跋|宰父|谷梁|段干|百里|东郭|羊舌|梁丘|左丘"
)
# Signs that hardly begin anything but a name behind 客户 and its like.
_SURE = (
    "王李张刘陈杨赵吴徐孙朱胡郭林罗郑梁宋唐韩冯邓曹彭萧董袁潘蒋蔡杜苏魏吕沈姚卢姜崔钟谭陆汪廖贾韦邹孟熊秦邱"
    "尹薛闫阎雷陶黎贺顾郝龚邵覃戴莫樊葛邢乔伍庞颜倪庄聂鲁岳翟殷詹欧耿焦俞柳甘祝阮柯梅童凌裴霍苗曲翁冉骆辛靳"
    "柴蒙鲍喻祁蒲滕屈饶牟艾尤穆卓缪褚娄窦戚岑柏瞿桂佟臧闵苟邬卞姬仇栾隋巫寇桑郎丛仲虞敖巩佘佘邝匡鞠荆郁燕鄢"
    "谌奚粟冼蔺厉肖龙黄"
)
# Surnames that are also everyday words: they need more evidence.
_UNSURE = (
    "周高马谢叶程余曾何许任方金石田丁付白孔毛段钱严万汤康文武安易江史夏侯常洪关尚符包成季单毕纪古谷盛房管解游"
    "路项连车卫宫费荣查官边商党华阳景席冷简吉施章范余丁兰左宁舒涂蓝鲁初司齐牛申温池凤席盖强封"
)
SURNAME = f"(?:{_DOUBLE}|[{_SURE}{_UNSURE}])"
_STRONG = f"(?:{_DOUBLE}|[{_SURE}])"


def _letters_without(words: str) -> str:
    """The range of Chinese letters that leaves some out; RE2 has no subtraction of classes."""
    gaps = sorted(ord(letter) for letter in set(words))
    starts = [0x4E00, *(gap + 1 for gap in gaps)]
    ends = [*(gap - 1 for gap in gaps), 0x9FA5]
    spans = zip(starts, ends, strict=True)
    return "[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in spans if a <= b) + "]"


_HAN = "[一-龥]"
# 客户郑重要求, 客户陈述, 客户焦急: words that begin with the sign of a surname.
_GIVEN = _letters_without("述列重虑及急续烦其苦闷贴愿突业卡州多于面末上务额期长主任理师")
_NO_NAME = (
    "述列重虑及急续烦其苦闷贴愿突业卡州多于面末上务额期长主任理师等的和副分总支大正"
    "局镇村县市区乡街道路室公司行店部科处厅委办厂组站中心院校医学政府银家社"
)
_NO_BODY = _letters_without(_NO_NAME)
_TITLE_GIVEN = _letters_without(f"{_NO_NAME}何位全于子是时")
_FOLLOW = (
    "(先生|女士|小姐|反映|反应|来电|来访|来行|来信|投诉|表示|声称|称|致电|拨打|要求|到|在|于|的|电话|手机|身份证|证件|住址|地址|"
    "性别|年龄|男|女|联系|对|认为|担心|就|因|想|说|办理|持|前往|向|与|和|从|通过|本人|咨询|提出|申请|希望|诉|发现|"
    "被|是|已|未|不|今|昨|去|再|又|也|将|需|名下|账户|账号|卡号|询问|质疑|购买|收到|经|由|多次|等|[^一-龥]|$)"
)
_PERSON = (
    "(?:客户|投诉人|持卡人|借款人|当事人|申请人|存款人|联系人|举报人|反映人|来电人|来访人|受害人|开户人|户主|"
    "消费者|储户|柜员|员工|大堂经理|客户经理|理财经理|工作人员|经办人|网点负责人|姓名|户名|我叫|名叫|本人|"
    "法定代表人|法人代表|代理人|委托人|监护人|担保人)"
)
_LABEL = (
    "(?:姓[ 　]{0,4}名|户[ 　]{0,4}名|客户名|客户经理|大堂经理|理财经理|代理人|委托人|监护人|"
    "担保人|保证人|代办人|复核人|复核员|审核人|受理人|受理员|接待人|接听人|登记人|记录人|录入人|填报人|制表人|"
    "主办人|协办人|调查人|核实人|回复人|签收人|寄件人|投保人|被保险人|受益人|继承人|被投诉人|业主|配偶|"
    "联系人|投诉人|持卡人|借款人|当事人|申请人|存款人|举报人|反映人|来电人|来访人|开户人|"
    "收款人|付款人|收件人|户主|法定代表人|法人|经办人|处理人|承办人|责任人|审批人|负责人|客户|员工|柜员)"
)
_TITLE = "(?:先生|女士|小姐|太太|大爷|大妈|大叔|大姐|阿姨|奶奶|爷爷)"
_OFFICE = (
    "(?:局长|书记|主任|院长|校长|行长|经理|主管|警官|律师|医生|老师|师傅|老板|队长|所长|处长|科长|部长|站长|"
    "董事长|市长|县长|镇长|乡长|村长|同志)"
)
NOBODY = "某某"
_GAP = "[ 　]{0,2}"
_POLITE = rf"{_GAP}[（(]?{_TITLE}"
_HEAD = f"[副代]?{_OFFICE}"
_OPEN, _CLOSE = "[（(“「『【]", "[）)”」』】]"
# An everyday sign is a surname only where a word may begin: 官方律师 and 担任行长 stay.
_EDGE = (
    "(^|[^一-龥]|客户|支行|分行|网点|来电|致电|另外|此外|同时|随后|后来|现在|目前|[今昨前当][天日]|"
    "[向与找请由被给把叫接])"
)
_OFFICER = "[" + re.sub("[任方成包管连单车查官商边关项席强司初]", "", _UNSURE) + "]"
# 高级经理, 安全主任, 金融主管: words before an office that begin like everyday surnames.
_OFFICER_GIVEN = _letters_without(
    f"{_NO_NAME}级全融复泳间目保锁谢立命于何位费油教育技术化金安职管监审质数品营客运人事工"
    "风险控法律文党纪检州夏都徽苏东西南北山科达健桥制可多防放员校班组年季在请令队升为是子超矿换拨打拖挤后前时所"
)

_SAYS = f"{_LABEL}[姓名]{{0,2}}[是为]?[:： 　]{{1,4}}"
SUSPECT = (
    f"{SURNAME}{_HAN}{{0,2}}{_POLITE}|{SURNAME}{_NO_BODY}{{0,2}}{_HEAD}|"
    f"{_LABEL}{_HAN}{{0,3}}(?:[:： 　]+|{_OPEN}){SURNAME}{_GAP}{_HAN}|"
    f"{_PERSON}{_OPEN}?{_STRONG}{_GIVEN}|{_HAN}[·•]{_HAN}"
)
_RULES: tuple[Rule, ...] = (
    *kept(f"(?:{_PERSON}|{_SAYS}){_OPEN}?", NOBODY),
    # Names of the minorities: 阿依古丽·买买提.
    (rf"({_PERSON}|{_SAYS}|){_HAN}{{2,8}}[·•]{_HAN}{{2,8}}?({_POLITE})", r"\1某\2"),
    (rf"({_PERSON}|{_SAYS}){_HAN}{{2,8}}[·•]{_HAN}{{2,8}}", rf"\1{NOBODY}"),
    (
        rf"{_EDGE}(?:[{_UNSURE}]{_TITLE_GIVEN}{{1,2}}({_POLITE})"
        rf"|{_OFFICER}{_OFFICER_GIVEN}{{0,2}}({_HEAD}))",
        r"\1某\2\3",
    ),
    (
        rf"(?:({_PERSON}){SURNAME}{_HAN}{{0,2}}|{_STRONG}{_HAN}{{1,2}}|{SURNAME})({_POLITE})"
        rf"|{_STRONG}{_NO_BODY}{{0,2}}({_HEAD})",
        r"\1某\2\3",
    ),
    (
        rf"((?:姓名|户名){_OPEN}){SURNAME}{_HAN}{{1,2}}({_CLOSE})"
        rf"|((?:{_PERSON}|{_LABEL}){_OPEN}){_STRONG}{_GIVEN}{_HAN}?({_CLOSE})",
        rf"\1\3{NOBODY}\2\4",
    ),
    (
        rf"(?:({_SAYS}){SURNAME}{_GAP}{_HAN}|({_PERSON}){_STRONG}{_GIVEN}){_HAN}??{_FOLLOW}",
        rf"\1\2{NOBODY}\3",
    ),
    (rf"(?:({_SAYS}){_STRONG}{_GAP}|({_PERSON}){_STRONG}){_GIVEN}{_HAN}?", rf"\1\2{NOBODY}"),
    # Several in one cell: 联系人：王芳、李明.
    (rf"({_SAYS}{NOBODY})(?:[、/／]{SURNAME}{_HAN}{{1,2}})+([^一-龥]|$)", r"\1等\2"),
    (
        rf"((?:{_SAYS}|{_PERSON}){NOBODY})(?:[、/／和与及]{_STRONG}{_GIVEN}{_HAN}??)+{_FOLLOW}",
        r"\1等\2",
    ),
    RELEASED,
)


def masked(text: str) -> str:
    """SQL for the text with such names replaced by 某某 or 某."""
    return applied(text, _RULES)
