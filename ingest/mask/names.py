"""Chinese personal names where the text marks them: 客户张三, 姓名：李四, 王女士, 赵行长."""

from ingest.mask.ordinary import RELEASED, kept
from ingest.mask.rules import Rule, applied

_DOUBLE = (
    "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|宇文|长孙|司徒|端木|夏侯|轩辕|南宫|西门|"
    "呼延|独孤"
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
_ALL = f"(?:{_DOUBLE}|[{_SURE}{_UNSURE}])"
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
_NO_BODY = _letters_without(
    "述列重虑及急续烦其苦闷贴愿突业卡州多于面末上务额期长主任理师等的和副分总支大正"
    "局镇村县市区乡街道路室公司行店部科处厅委办厂组站中心院校医学政府银家社"
)
_FOLLOW = (
    "(先生|女士|小姐|反映|反应|来电|来访|来行|来信|投诉|表示|声称|称|致电|拨打|要求|到|在|于|的|电话|手机|身份证|证件|住址|地址|"
    "性别|年龄|男|女|联系|对|认为|担心|就|因|想|说|办理|持|前往|向|与|和|从|通过|本人|咨询|提出|申请|希望|诉|发现|"
    "被|是|已|未|不|今|昨|去|再|又|也|将|需|名下|账户|账号|卡号|询问|质疑|购买|收到|经|由|多次|等|[^一-龥]|$)"
)
_PERSON = (
    "(?:客户|投诉人|持卡人|借款人|当事人|申请人|存款人|联系人|举报人|反映人|来电人|来访人|受害人|开户人|户主|"
    "消费者|储户|柜员|员工|大堂经理|客户经理|理财经理|工作人员|经办人|网点负责人|姓名|户名|我叫|名叫|本人)"
)
_LABEL = (
    "(?:姓名|户名|客户名|联系人|投诉人|持卡人|借款人|当事人|申请人|存款人|举报人|反映人|来电人|来访人|开户人|"
    "收款人|付款人|收件人|户主|法定代表人|法人|经办人|处理人|承办人|责任人|审批人|负责人|客户|员工|柜员)"
)
_TITLE = "(?:先生|女士|小姐|太太|大爷|大妈|大叔|大姐|阿姨|奶奶|爷爷)"
_OFFICE = (
    "(?:局长|书记|主任|院长|校长|行长|经理|主管|警官|律师|医生|老师|师傅|老板|队长|所长|处长|科长|部长|站长|"
    "董事长|市长|县长|镇长|乡长|村长|同志)"
)
_NOBODY = "某某"

SUSPECT = (
    f"{_ALL}{_HAN}{{0,2}}[（(]?{_TITLE}|{_STRONG}{_NO_BODY}{{0,2}}{_OFFICE}|"
    f"{_LABEL}{_HAN}{{0,2}}[:： 　]+{_ALL}{_HAN}|"
    f"{_PERSON}{_STRONG}{_GIVEN}|{_HAN}[·•]{_HAN}"
)
_SAYS = f"{_LABEL}[姓名]{{0,2}}[是为]?[:： 　]{{1,4}}"
_RULES: tuple[Rule, ...] = (
    *kept(f"{_PERSON}|{_SAYS}", _NOBODY),
    (
        rf"(?:({_PERSON}){_ALL}{_HAN}{{0,2}}|{_STRONG}{_HAN}{{1,2}}|{_ALL})([（(]?{_TITLE})"
        rf"|{_STRONG}{_NO_BODY}{{0,2}}({_OFFICE})",
        r"\1某\2\3",
    ),
    # Names of the minorities: 阿依古丽·买买提.
    (rf"({_PERSON}|{_SAYS}){_HAN}{{2,8}}[·•]{_HAN}{{2,8}}", rf"\1{_NOBODY}"),
    (
        rf"(?:({_SAYS}){_ALL}{_HAN}|({_PERSON}){_STRONG}{_GIVEN}){_HAN}??{_FOLLOW}",
        rf"\1\2{_NOBODY}\3",
    ),
    (rf"({_SAYS}|{_PERSON}){_STRONG}{_GIVEN}{_HAN}?", rf"\1{_NOBODY}"),
    RELEASED,
)


def masked(text: str) -> str:
    """SQL for the text with such names replaced by 某某 or 某."""
    return applied(text, _RULES)
