"""The person key: made once, never replaced behind anybody's back."""

from ingest import person
from ingest.rebuild import rebuild
from tests.conftest import installed_at
from tests.ingest.conftest import Desk

EXAM = "考试名称,考试日期,工号,姓名,成绩\n一季度考试,2024-03-15,{},张三,80\n"


def test_a_lost_key_stops_files_with_persons_until_it_is_back_or_made_anew(desk: Desk) -> None:
    assert desk.load("一.csv", EXAM.format("1001"))["status"] == "loaded"
    key = person.key_file(desk.home)
    held = desk.ask("select person_key from lake.core.exam_result")
    lost = key.rename(desk.home.root / "lost")
    result = desk.load("二.csv", EXAM.format("1002"))
    assert result["status"] == "failed"
    assert "person_key.secret 不见了" in result["problems"][0]["message"]
    assert not key.exists()
    assert [path.name for path in desk.home.inbox.iterdir()] == ["二.csv"]
    # A file without persons needs no key.
    desk.drop("三.csv", "投诉编号,收到日期\nA1,2024-03-01\n")
    assert {r["file"]: r["status"] for r in desk.run()} == {"三.csv": "loaded", "二.csv": "failed"}
    lost.rename(key)
    assert [result["status"] for result in desk.run()] == ["loaded"]
    with installed_at(desk.home.root):
        assert person.main(["new"]) == 1
        key.unlink()
        assert person.main(["new"]) == 0
    assert rebuild(desk.home, partial=False, say=lambda _: None)
    anew = desk.ask("select person_key from lake.core.exam_result")
    assert len(anew) == 2
    assert not {*anew} & {*held}
