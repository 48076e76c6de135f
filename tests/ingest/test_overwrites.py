"""A file that would overwrite other cases, or newer states, waits for a person."""

import pytest

from tests.ingest.conftest import Desk
from tests.ingest.test_confirmations import rules_of

HEADER = "投诉编号,收到日期,办结日期,被投诉机构,业务类别,工单状态\n"


def ledger(
    numbers: range, *, month: int = 2, year: int = 2026, org: str = "城东支行", kind: str = "贷款"
) -> str:
    """Complaints of one month at one organisation, numbered from the first on."""
    return HEADER + "".join(
        f"{n:04},{year}-{month:02}-{1 + n % 20:02},{year}-{month:02}-28,{org},{kind},已办结\n"
        for n in numbers
    )


@pytest.mark.parametrize(
    "second",
    [
        ledger(range(25), month=3, org="城西支行"),
        ledger(range(3), year=2025),
        ledger(range(5), month=3, org="城西支行")
        + ledger(range(5, 25), kind="理财")[len(HEADER) :],
    ],
    ids=["each branch", "each year", "a fifth"],
)
def test_numbers_of_other_cases_wait(desk: Desk, second: str) -> None:
    assert desk.load("城东支行投诉台账.csv", ledger(range(30)))["status"] == "loaded"
    path = desk.drop("城西支行投诉台账.csv", second)
    (checked,) = desk.run("--check", str(path))
    (held,) = desk.run()
    for result in (checked, held):
        assert (result["status"], desk.exit_code) == ("held", 1)
        assert [c["rule"] for c in result["preview"]["concerns"]][:1] == ["identity_changed"]
    assert desk.ask("select count(*) from lake.core.complaint where org_name = '城西支行'") == [
        (0,)
    ]
    (loaded,) = desk.run("--confirm", str(path))
    assert loaded["status"] == "loaded"


def test_another_exam_of_the_same_name_waits(desk: Desk) -> None:
    head, staff = "考试名称,考试日期,工号,成绩\n", range(5)
    exam = "".join(f"消保知识考试,2025-06-10,{n:04},{80 + n}\n" for n in staff)
    assert desk.load("考试2025.csv", head + exam)["status"] == "loaded"
    # A day that was typed wrong is a correction.
    assert desk.load("更正.csv", head + exam.replace("06-10", "06-11"))["status"] == "loaded"
    held = desk.load("考试2026.csv", head + exam.replace("2025-06", "2026-06"))
    assert rules_of(held) == ["identity_changed"]
    message = held["problems"][0]["message"]
    assert "例如考试名称“消保知识考试”，“更正.csv”中是 2025-06-11，这一份是 2026-06-10" in message
    assert "若是另一场考试，请在考试名称中写明年份或期次" in message


def test_the_message_names_an_example_and_what_to_do(desk: Desk) -> None:
    desk.load("城东支行投诉台账.csv", ledger(range(30)))
    held = desk.load("城西支行投诉台账.csv", ledger(range(25), month=3, org="城西支行"))
    assert rules_of(held) == ["identity_changed"]
    assert held["problems"][0]["message"].startswith(
        "编号相同，却像是另一件事：要更新的 25 行中有 25 行与已装载的对不上，例如编号“0000”，"
        "“城东支行投诉台账.csv”中是 2026-02-01、城东支行，这一份是 2026-03-01、城西支行；"
        "装载后原来的 25 件会被覆盖。编号若由各机构、各系统各编各的，或每年从头编，"
        "请在文件的编号前加上机构、系统或年份，使其不重复；确属更正的，可以确认；"
    )


@pytest.mark.parametrize(
    "second",
    [
        ledger(range(30), kind="理财"),
        ledger(range(30), month=3),
        ledger(range(30), org="本行城东支行").replace("2026-02-01", "2026-02-02"),
        ledger(range(30), org="城西支行"),
        ledger(range(2), month=3, org="城西支行"),
        ledger(range(4), month=3, org="城西支行")
        + ledger(range(4, 30), kind="理财")[len(HEADER) :],
        ledger(range(30), month=3).replace("城东支行", ""),
    ],
    ids=["state", "days", "spelling", "organisation", "two rows", "few of many", "blank"],
)
def test_everyday_corrections_pass(desk: Desk, second: str) -> None:
    desk.load("投诉台账.csv", ledger(range(30)))
    assert desk.load("投诉台账2.csv", second)["status"] == "loaded"


def test_the_same_bytes_under_a_changed_contract_are_read_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ingest.contract import contracts

    desk.load("a.csv", ledger(range(30)))
    for name, value in (("received_at", "timestamp '2025-01-01'"), ("org_name", "'城西支行'")):
        _change(desk, f"update lake.core.complaint set {name} = {value}")
    newer = contracts()["complaint_ledger"].model_copy(update={"digest": "0" * 16})
    monkeypatch.setitem(contracts(), "complaint_ledger", newer)
    again = desk.load("a.csv", ledger(range(30)))
    assert (again["status"], again["rows"]["updated"]) == ("loaded", 30)


def _change(desk: Desk, statement: str) -> None:
    from warehouse.lake import open_writer

    with open_writer(desk.home) as con:
        con.execute(statement)


def state(day: str, *, ended: str = "", numbers: range = range(24)) -> str:
    """How the complaints of March stood on a day."""
    return f"截至{day},,,,,\n{HEADER}" + "".join(
        f"A{n},2026-03-{1 + n:02},{ended},城东支行,贷款,{'已办结' if ended else '处理中'}\n"
        for n in numbers
    )


@pytest.mark.parametrize("numbers", [range(24), range(1)], ids=["whole", "one row"])
def test_an_old_state_does_not_silently_replace_a_newer_one(desk: Desk, numbers: range) -> None:
    desk.load("投诉_0331.csv", state("2026年3月31日"))
    newer = desk.load("投诉_0430.csv", state("2026年4月30日", ended="2026-04-05"))
    assert (newer["status"], newer["rows"]["updated"]) == ("loaded", 24)
    old = state("2026年3月31日", numbers=numbers).replace("贷款", "理财")
    path = desk.drop("旧副本.csv", old)
    (checked,) = desk.run("--check", str(path))
    (held,) = desk.run()
    assert (checked["status"], held["status"]) == ("held", "held")
    assert rules_of(held) == ["older_delivery"]
    assert held["problems"][0]["message"].startswith(
        f"这一份截至 2026-03-31，但要更新的 {len(numbers)} 行中有 {len(numbers)} 行已由较新的文件装载过"
        "（“投诉_0430.csv”，到 2026-04-30），会被改回较早的内容；若是旧文件或旧副本，"
        "请从收件箱移走，确属更正的，可以确认；"
    )
    assert desk.ask("select distinct status from lake.core.complaint") == [("已办结",)]
    (loaded,) = desk.run("--confirm", str(path))
    assert loaded["rows"]["updated"] == len(numbers)


def test_corrections_of_old_days_and_next_states_pass(desk: Desk) -> None:
    desk.load("投诉_0331.csv", state("2026年3月31日"))
    desk.load("投诉_0430.csv", state("2026年4月30日", ended="2026-04-05"))
    corrected = state("2026年3月31日", ended="2026-04-06").split("\n", 1)[1]
    assert desk.load("3月更正.csv", corrected)["status"] == "loaded"
    period = "统计期间:2026年3月1日至2026年3月31日,,,,,\n"
    changed = corrected.replace("贷款", "理财").replace("2026-04-06", "")
    assert desk.load("3月更正2.csv", period + changed)["status"] == "loaded"
    assert desk.load("投诉_0531.csv", state("2026年5月31日", ended="2026-04-05"))["rows"]["updated"]
