-- One row per person, exam and section. Without the section's full mark the raw mark stays.
create or replace view exam_section as
select
    concat_ws(':', section.source, section.exam_name, section.person_key) as row_key,
    section.exam_date as event_date,
    coalesce(path.sub_branch, section.org_name) as sub_branch,
    section.org_name,
    section.post,
    section.exam_name,
    section.section,
    section.source,
    1 as section_scored_count,
    (section.score * 100 / coalesce(section.full_score, 100))::double as section_score_sum,
    section.batch_id,
    section.source_sheet,
    section.source_row,
from lake.core.exam_section_score as section
left join organisation_path as path on section.org_name = path.org_name
where section.score is not null;
