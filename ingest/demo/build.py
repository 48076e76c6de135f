"""Writes all files of the demo data into one folder."""

from datetime import date
from pathlib import Path

from ingest.demo import complaint_files, exam_files, organisation_files, outreach_files
from ingest.demo import review_files as reviews_out
from ingest.demo.branch import make_branch
from ingest.demo.complaints import make_cases
from ingest.demo.exams import make_exams
from ingest.demo.outreach import make_events
from ingest.demo.reviews import make_reviews
from ingest.demo.timeline import Timeline


def write_demo(folder: Path, *, end: date, seed: int) -> list[Path]:
    """Write every extract and give back their paths; equal seed and end give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    timeline = Timeline(end)
    branch = make_branch(timeline, seed)
    cases = make_cases(timeline, branch, seed)
    return [
        organisation_files.write_register(folder, branch),
        organisation_files.write_denominators(folder, branch),
        *complaint_files.write_ledgers(folder, timeline, cases, seed),
        *exam_files.write_exams(folder, make_exams(timeline, branch, seed), seed),
        reviews_out.write_reviews(folder, make_reviews(timeline, seed)),
        *outreach_files.write_events(folder, timeline, make_events(timeline, seed), seed),
    ]
