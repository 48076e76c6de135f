"""Configuration that an editor or Excel has spoilt is refused with its file and what to do."""

from pathlib import Path

import pytest
import yaml

from ingest.contract import read_contract
from ingest.corrections import read_corrections
from ingest.errors import ContractError, Fault
from ingest.settings import settings
from warehouse import codes
from warehouse.definitions import read_yaml
from warehouse.errors import DefinitionError
from warehouse.home import Home

STATUS = (codes.FOLDER / "status.csv").read_text(encoding="utf-8")
LAST = STATUS.splitlines()[-1]


@pytest.fixture
def code_list(tmp_path: Path, monkeypatch):
    """Reads one code list of the given bytes."""
    monkeypatch.setattr(codes, "FOLDER", tmp_path)

    def read(content: bytes) -> tuple[codes.Code, ...]:
        (tmp_path / "status.csv").write_bytes(content)
        return codes.code_list.__wrapped__("status")

    return read


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (STATUS.encode("gbk"), "CSV UTF-8"),
        (STATUS.replace(",", ";").encode(), "缺少列名"),
        (f"{STATUS}X9,新状态\n".encode(), "列"),
        (f"{STATUS}{LAST}\n".encode(), "不止一行"),
        (STATUS.splitlines(keepends=True)[0].encode(), "一行也没有"),
        (b"", "缺少列名"),
    ],
)
def test_a_spoilt_code_list_is_refused_in_words(code_list, content, said):
    with pytest.raises(DefinitionError, match=said) as caught:
        code_list(content)
    assert "status.csv" in str(caught.value)


def test_a_code_list_saved_by_excel_is_read(code_list):
    assert code_list(STATUS.encode("utf-8-sig")) == code_list(STATUS.encode())


def test_yaml_in_another_encoding_is_named(tmp_path):
    home = Home(tmp_path)
    (tmp_path / "ingest").mkdir()
    for name in ("settings.yml", "corrections.yml", "a.yml"):
        (tmp_path / "ingest" / name).write_bytes("# 设置\n{}\n".encode("gbk"))
    with pytest.raises(Fault, match="UTF-8"):
        settings(home)
    with pytest.raises(ContractError, match="UTF-8"):
        read_corrections(home)
    with pytest.raises(ContractError, match=r"a\.yml.*UTF-8"):
        read_contract(tmp_path / "ingest" / "a.yml")


def test_a_key_that_is_written_twice_is_refused(tmp_path):
    path = tmp_path / "settings.yml"
    path.write_text("archive: keep\narchive: off\n", encoding="utf-8")
    with pytest.raises(yaml.YAMLError, match="第 2 行的“archive”"):
        read_yaml(path)
