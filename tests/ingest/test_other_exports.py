"""The same public sources under other names: as databases export them, and of other years."""

from tests.ingest.conftest import Desk

REGULATOR = (
    "date_received,product,sub_product,issue,sub_issue,company,state,submitted_via,"
    "company_response_to_consumer,timely_response,consumer_disputed?,complaint_id\n"
    "08/30/2013,Mortgage,Other mortgage,Loan servicing,,Some Bank,CA,Referral,"
    "Closed with explanation,Yes,No,511074\n"
)
CITY = (
    "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,reason,type,department\n"
    "101005225542,2024-01-01 00:11:26,2024-01-03 03:30:00,2024-01-04 01:01:09,OVERDUE,Closed,"
    "Sanitation,Missed Trash,PWDx\n"
)
CITIZENS = (
    "留言编号,留言主题,留言时间,留言详情,一级标签\n"
    "24,占道施工,2020/1/6 12:09:38,人行道被围墙占用,城乡建设\n"
)


def test_a_database_writes_names_with_underscores(desk: Desk) -> None:
    assert desk.load("complaints.csv", REGULATOR)["problems"] == []
    columns = "source, complaint_id, product, cause, is_timely_stated, is_disputed"
    assert desk.ask(f"select {columns} from lake.core.complaint") == [
        ("cfpb", "511074", "Other mortgage", "Loan servicing", True, False)
    ]


def test_earlier_exports_of_the_regulator_call_the_response_otherwise(desk: Desk) -> None:
    earlier = REGULATOR.replace("company_response_to_consumer", "Company response")
    assert desk.load("complaints.csv", earlier)["problems"] == []
    assert desk.ask("select status, outcome from lake.core.complaint") == [
        ("已办结", "Closed with explanation")
    ]


def test_without_a_status_nobody_can_say_what_is_open(desk: Desk) -> None:
    desk.load("complaints.csv", REGULATOR.replace("company_response_to_consumer", "zip_code"))
    assert desk.ask("select status from lake.core.complaint") == [("未提供",)]


def test_a_city_names_its_columns_anew(desk: Desk) -> None:
    assert desk.load("requests.csv", CITY)["problems"] == []
    columns = "source, stated_due_at::varchar, is_timely_stated, org_name"
    assert desk.ask(f"select {columns} from lake.core.complaint") == [
        ("boston311", "2024-01-03 03:30:00", False, "PWDx")
    ]


def test_messages_are_sorted_by_a_tag(desk: Desk) -> None:
    assert desk.load("messages.csv", CITIZENS)["problems"] == []
    assert desk.ask("select source, category from lake.core.complaint") == [
        ("citizen_messages", "城乡建设")
    ]


def test_a_citizens_hotline_has_its_own_words(desk: Desk) -> None:
    text = (
        "工单编号,工单标题,来电时间,来电号码,诉求类型,诉求内容,完结时间,办理情况\n"
        "1,排队,2024-03-01 09:12:33,13800001234,投诉,排队两小时,2024-03-05 16:20:11,已解释\n"
    )
    assert desk.load("12345.csv", text)["problems"] == []
    columns = "subject_masked, content_masked, reply_masked, closed_at::varchar"
    assert desk.ask(f"select {columns} from lake.core.complaint") == [
        ("排队", "排队两小时", "已解释", "2024-03-05 16:20:11")
    ]
