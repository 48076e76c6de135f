"""A check while others write: it sees one commit's state of the lake, or says what is going on."""

import shutil
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingest import untouched
from ingest.pipeline import Pipeline
from tests.ingest.conftest import Desk
from warehouse.backup import copy_catalogue
from warehouse.errors import WarehouseError
from warehouse.home import Home

LEDGER = "投诉编号,受理日期,业务类别\nA1,2026-03-05,贷款\nA2,2026-03-06,贷款\n"


def renew(catalogue: Path) -> None:
    """Put another file in the place of the catalogue, as a rebuild does."""
    shutil.copyfile(catalogue, catalogue.with_suffix(".new"))
    catalogue.with_suffix(".new").replace(catalogue)


def test_a_check_copies_the_catalogue_as_one_commit_left_it(desk: Desk, tmp_path, monkeypatch):
    """Between the copies of catalogue and log another process commits and begins a new log."""
    desk.load("台账.csv", LEDGER)
    with closing(sqlite3.connect(desk.home.catalogue)) as writer:
        writer.execute("create table first (n)")
        copy_file = shutil.copyfile

        def with_commit(source, target):
            copied = copy_file(source, target)
            if source == desk.home.catalogue:
                writer.execute("pragma wal_checkpoint(restart)")
                writer.execute("create table second (n)")
            return copied

        monkeypatch.setattr(shutil, "copyfile", with_commit)
        copy = Home(tmp_path / "copy")
        untouched._mirror(desk.home, copy)
        with closing(sqlite3.connect(copy.catalogue)) as held:
            names = {name for (name,) in held.execute("select name from sqlite_master")}
            assert held.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert "first" in names


@pytest.mark.parametrize("is_at_rest", [True, False])
def test_a_check_leaves_the_folder_of_the_catalogue_as_it_is(desk: Desk, tmp_path, is_at_rest):
    desk.load("台账.csv", LEDGER)
    if is_at_rest:
        for path in desk.home.data.glob("catalogue.sqlite-*"):
            path.unlink()
    before = sorted(desk.home.data.iterdir())
    untouched._mirror(desk.home, Home(tmp_path / "copy"))
    assert sorted(desk.home.data.iterdir()) == before


def test_a_lake_exchanged_while_it_is_copied_is_said(desk: Desk, monkeypatch):
    desk.load("台账.csv", LEDGER)
    desk.drop("台账2.csv", LEDGER.replace("A1", "A3"))
    link = untouched._link

    def exchanged(source, place):
        renew(desk.home.catalogue)
        link(source, place)

    monkeypatch.setattr(untouched, "_link", exchanged)
    assert desk.run("--check") == []
    assert desk.exit_code == 1
    assert "被更换" in desk.stderr
    with pytest.raises(WarehouseError, match="被更换"), untouched.throwaway_lake(desk.home):
        pass


def test_a_lake_exchanged_under_a_check_is_not_called_damaged(desk: Desk, monkeypatch):
    desk.load("台账.csv", LEDGER)
    desk.drop("台账2.csv", LEDGER.replace("A1", "A3"))

    def exchanged(_pipeline, _path):
        renew(desk.home.catalogue)
        message = f"No files found: ducklake-{uuid.uuid4()}.parquet"
        raise duckdb.IOException(message)

    monkeypatch.setattr(Pipeline, "recognise", exchanged)
    (result,) = desk.run("--check")
    assert result["status"] == "failed"
    assert "被更换" in result["problems"][0]["message"]
    assert "python -m warehouse check" not in result["problems"][0]["message"]


def test_a_copy_comes_to_an_end_however_often_others_commit(desk: Desk, tmp_path, monkeypatch):
    desk.load("台账.csv", LEDGER)
    copies = []

    def with_commit(source, target, *, how):
        copies.append(how)
        assert len(copies) < 5
        copy_catalogue(source, target, how=how)
        with closing(sqlite3.connect(source)) as writer, writer:
            writer.execute(f"create table more_{len(copies)} (n)")

    monkeypatch.setattr(untouched, "copy_catalogue", with_commit)
    untouched._mirror(desk.home, Home(tmp_path / "copy"))
    assert copies[-1] == "mode=ro"
