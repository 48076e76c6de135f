"""Writes the shipped template of the quarterly report: `python -m warehouse.handouts.template`.

The office edits the DOCX itself in Word; this script only makes the first one. Slots: see
docs/handouts.md.
"""

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from warehouse.handouts.report import TEMPLATE

BODY, HEAD = "仿宋", "黑体"
# Style, then text; a block is a paragraph of its own.
TITLE, NOTE, H1, H2, TEXT, BULLET = "T", "N", "1", "2", "P", "L"
CONTENT: tuple[tuple[str, str], ...] = (
    (TITLE, "消费者权益保护工作季度报告"),
    (NOTE, "{{period}}"),
    (NOTE, "范围：{{scope}}　筛选：{{filters}}　数据截至：{{data_dates}}　数据快照：{{snapshot}}"),
    (NOTE, "{{coverage}}　{{demo}}"),
    ("TOC", ""),
    (H1, "一、总体情况"),
    (H2, "（一）主要数字"),
    (
        TEXT,
        "{{period}}共收到投诉{{complaint_count}}，{{complaint_count|previous}}，{{complaint_count|last_year}}；合并重复投诉后为{{merged_complaint_count}}。处理及时率{{complaint_timely_rate}}，{{complaint_timely_rate|previous}}，{{complaint_timely_rate|against}}。投诉处理满意率{{satisfaction_rate}}，{{satisfaction_rate|previous}}；按五级折算的满意度得分{{satisfaction_score}}。消保制度执行率{{policy_execution_rate}}，{{policy_execution_rate|previous}}。",
    ),
    (H2, "（二）未达标的指标"),
    (TEXT, "{{missed}}。"),
    (H2, "（三）工作亮点"),
    (TEXT, "{{write|工作亮点|（请填写：本季度做了什么、带来什么变化；系统不代写）}}"),
    (H2, "（四）存在的问题"),
    (TEXT, "{{write|存在的问题|（请填写：对照上面未达标的指标说明原因）}}"),
    (H1, "二、重点工作"),
    (H2, "（一）制度与检查"),
    (
        TEXT,
        "开展检查{{inspection_count}}，检查覆盖率{{inspection_coverage}}，{{inspection_coverage|against}}；发现问题{{inspection_issue_count}}，整改完成率{{issue_rectified_rate}}，其中内部检查{{internal_rectified_rate}}、监管检查{{regulatory_rectified_rate}}；按期整改率{{issue_on_time_rate}}。双录覆盖率{{double_recording_coverage}}，合格率{{double_recording_qualified_rate}}。",
    ),
    (TEXT, "{{write|制度建设|（请填写：新增和修订的制度）}}"),
    (H2, "（二）宣传教育"),
    (
        TEXT,
        "举办宣传教育活动{{outreach_event_count}}，{{outreach_event_count|previous}}；受众{{outreach_audience}}，员工参与{{outreach_staff_participation}}，发放资料{{outreach_leaflets}}；推送{{outreach_articles}}，阅读{{outreach_reads}}。活动形式以{{top|outreach_event_count|activity_form|3}}为主。人次不是人数，同一人参加多场重复计算。",
    ),
    (H2, "（三）产品和服务审查"),
    (
        TEXT,
        "受理审查{{review_count}}，审查覆盖率{{review_coverage}}，{{review_coverage|against}}；一次通过率{{review_first_pass_rate}}，{{review_first_pass_rate|previous}}；出具意见{{opinion_count}}，采纳率{{opinion_adoption_rate}}；审查问题整改完成率{{review_rectified_rate}}；先上线后出意见{{review_launched_before_opinion_count}}。",
    ),
    (H2, "（四）特殊群体服务"),
    (
        TEXT,
        "设有爱心窗口的网点{{care_window_outlets}}，适老化网点{{elderly_friendly_outlets}}，无障碍网点{{barrier_free_outlets}}，无障碍机具{{accessible_machines}}。",
    ),
    (H1, "三、指标完成情况"),
    (
        TEXT,
        "下表列出设有阈值的指标。标“示例”的阈值只随演示数据显示，标“待确认”的须由本行确认后方可对外引用。",
    ),
    ("B", "{{table|attainment}}"),
    (H1, "四、投诉情况"),
    (H2, "（一）数量与结构"),
    (
        TEXT,
        "投诉最多的业务大类为{{top|complaint_count|category_group|3}}；主要原因为{{top|complaint_count|cause_group|3}}；受理渠道以{{top|complaint_count|intake_channel_group|3}}为主。监管转办占比{{forwarded_share}}，重复投诉率{{repeat_rate}}，升级投诉率{{escalated_rate}}，有责率{{responsible_rate}}。每千营业网点投诉量{{complaints_per_thousand_outlets}}，每千万个人客户投诉量{{complaints_per_ten_million_customers}}（不按年折算）。",
    ),
    (NOTE, "图1　每月投诉量（件）"),
    ("B", "{{chart|complaint_count|month}}"),
    (NOTE, "表　按业务大类"),
    ("B", "{{table|complaint_count|category_group}}"),
    (NOTE, "图2　按投诉原因大类（件）"),
    ("B", "{{chart|complaint_count|cause_group}}"),
    (H2, "（二）处理效率"),
    (
        TEXT,
        "办结投诉{{complaint_ended_count}}，平均处理时长{{handling_days_mean}}，{{handling_days_mean|previous}}；中位数{{handling_days_median}}，期末未办结{{open_complaint_count}}。首次响应时间中位数{{first_response_minutes_median}}，1小时响应率{{first_response_within_hour_rate}}；首次接触解决率{{first_contact_resolution_rate}}。另有{{complaint_needs_evidence_count}}在16至60日之间作出处理决定而没有延期记录，补上依据后才能判断是否及时。",
    ),
    (NOTE, "图3　每月处理及时率（%）"),
    ("B", "{{chart|complaint_timely_rate|month}}"),
    (H2, "（三）满意度"),
    (
        TEXT,
        "已评价的投诉中，满意率{{satisfaction_rate}}，其中非常满意{{very_satisfied_rate}}、基本满意{{basically_satisfied_rate}}；对处理效率满意{{satisfaction_efficiency_rate}}，对解决方案满意{{satisfaction_solution_rate}}；评价率{{satisfaction_response_rate}}。",
    ),
    (H2, "（四）典型案例"),
    ("B", "{{cases|3}}"),
    (TEXT, "{{write|经验总结|（请填写：从以上案例得到的经验）}}"),
    (H1, "五、培训与考试"),
    (
        TEXT,
        "举办培训{{training_session_count}}，参训{{training_attendance_count}}，{{training_hours}}。全员培训覆盖率{{training_coverage}}，{{training_coverage|against}}；中层以上管理人员{{manager_training_coverage}}，新员工{{new_staff_training_coverage}}。",
    ),
    (
        TEXT,
        "消保知识考试参与率{{exam_participation_rate}}，平均分{{exam_mean_score}}，{{exam_mean_score|previous}}；及格率{{exam_pass_rate}}，优秀率{{exam_excellent_rate}}。分数段分布见下表。",
    ),
    ("B", "{{table|exam_scored_count|score_band}}"),
    (H1, "六、下季度工作计划"),
    (TEXT, "{{write|工作计划|（请填写：做什么、由谁负责、何时完成）}}"),
    (H1, "附：本稿所用指标的口径"),
    ("B", "{{table|definitions}}"),
)


def _style(
    document: WordDocument, name: str, font: str, size: float, *, bold: bool = False
) -> ParagraphStyle:
    styles = document.styles
    style = styles[name] if name in [one.name for one in styles] else styles.add_style(name, 1)
    style.font.name, style.font.size, style.font.bold = font, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), font)
    for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(kind), None)
    return style


def _styles(document: WordDocument) -> None:
    body = _style(document, "Normal", BODY, 14)
    body.paragraph_format.line_spacing = Pt(26)
    body.paragraph_format.space_after = Pt(0)
    title = _style(document, "Title", HEAD, 22)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(14)
    borders = title.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        title.element.pPr.remove(borders)
    for name, size in (("Heading 1", 16), ("Heading 2", 14)):
        heading = _style(document, name, HEAD, size)
        heading.paragraph_format.space_before = Pt(12)
        heading.paragraph_format.space_after = Pt(4)
        heading.paragraph_format.keep_with_next = True
    note = _style(document, "说明", BODY, 11)
    note.paragraph_format.line_spacing = Pt(20)
    note.paragraph_format.keep_with_next = True
    table = _style(document, "表格", BODY, 10.5)
    table.paragraph_format.line_spacing = Pt(16)
    table.paragraph_format.first_line_indent = Cm(0)


def _field(document: WordDocument) -> None:
    """A table of contents; Word fills it when the document is opened or the field is refreshed."""
    paragraph = document.add_paragraph(style="说明")
    for kind in ("begin", "separate", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        if kind == "begin":
            mark.set(qn("w:dirty"), "true")
        run._element.append(mark)
        if kind == "begin":
            order = OxmlElement("w:instrText")
            order.set(qn("xml:space"), "preserve")
            order.text = r'TOC \o "1-2" \h \z \u'
            paragraph.add_run()._element.append(order)
        elif kind == "separate":
            heads = "　".join(text for style, text in CONTENT if style == H1)
            paragraph.add_run(heads)


def build() -> WordDocument:
    """The template as a document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    section.top_margin, section.bottom_margin = Cm(3), Cm(2.6)
    _styles(document)
    section.header.paragraphs[0].add_run("{{period}} 消费者权益保护工作季度报告 · 快照{{snapshot}}")
    section.header.paragraphs[0].style = document.styles["说明"]
    section.footer.paragraphs[0].add_run("范围：{{scope}}　筛选：{{filters}}　内部资料")
    section.footer.paragraphs[0].style = document.styles["说明"]
    names = {TITLE: "Title", NOTE: "说明", H1: "Heading 1", H2: "Heading 2", "B": "说明"}
    for style, text in CONTENT:
        if style == "TOC":
            _field(document)
            continue
        paragraph = document.add_paragraph(text, style=names.get(style, "Normal"))
        if style == TEXT:
            paragraph.paragraph_format.first_line_indent = Pt(28)
    return document


if __name__ == "__main__":
    build().save(str(TEMPLATE))
