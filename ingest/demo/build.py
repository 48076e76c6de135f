"""Writes all files of the demo data into one folder."""

from datetime import date
from pathlib import Path

from ingest.demo import (
    calendar_events,
    complaint_files,
    exam_files,
    facilities,
    launches,
    organisation_files,
    outreach_files,
    policy_checks,
)
from ingest.demo import review_files as reviews_out
from ingest.demo.branch import make_branch
from ingest.demo.complaints import make_cases
from ingest.demo.exams import make_exams
from ingest.demo.inspection_files import write_inspections
from ingest.demo.inspections import make_inspections
from ingest.demo.outreach import make_events
from ingest.demo.recording_files import write_recordings
from ingest.demo.recordings import make_recordings
from ingest.demo.reviews import make_reviews
from ingest.demo.timeline import Timeline
from ingest.demo.training_files import write_trainings
from ingest.demo.trainings import make_trainings


def write_demo(folder: Path, *, end: date, seed: int) -> list[Path]:
    """Write every extract and give back their paths; equal seed and end give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    timeline = Timeline(end)
    branch = make_branch(timeline, seed)
    cases = make_cases(timeline, branch, seed)
    reviews = make_reviews(timeline, seed)
    offered = launches.make_launches(timeline, reviews, seed)
    held = facilities.make_facilities(timeline, branch, seed)
    checked = policy_checks.make_policy_checks(timeline, seed)
    return [
        organisation_files.write_register(folder, branch),
        organisation_files.write_denominators(folder, branch),
        *complaint_files.write_ledgers(folder, timeline, cases, seed),
        *exam_files.write_exams(folder, make_exams(timeline, branch, seed), seed),
        reviews_out.write_reviews(folder, reviews),
        *outreach_files.write_events(folder, timeline, make_events(timeline, seed), seed),
        *write_trainings(folder, timeline, make_trainings(timeline, branch, seed)),
        write_inspections(folder, timeline, make_inspections(timeline, branch, seed)),
        write_recordings(folder, timeline, make_recordings(timeline, branch, seed)),
        policy_checks.write_policy_checks(folder, timeline, checked),
        facilities.write_facilities(folder, timeline, held),
        launches.write_launches(folder, timeline, offered),
        calendar_events.write_calendar(folder, calendar_events.make_calendar(timeline)),
    ]
