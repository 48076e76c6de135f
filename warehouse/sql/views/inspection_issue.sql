-- Issues by the day their rectification was due, once the extracts reach that day.
-- An issue that is called rectified without a date counts as rectified, but not as on time.
create or replace view inspection_issue as
with due as (
    select
        inspection.row_key,
        issue.due_date as event_date,
        inspection.sub_branch,
        inspection.org_name,
        inspection.inspection_kind,
        issue.issue_category,
        inspection.source,
        inspection.internal_inspection_count as is_internal,
        inspection.regulatory_inspection_count as is_regulatory,
        case
            when issue.rectified_date is null
                then coalesce(issue.rectification_status = '已整改', false)
            else issue.rectified_date <= data_date.coverage_to
        end::integer as issue_rectified_count,
        coalesce(
            issue.rectified_date <= least(issue.due_date, data_date.coverage_to), false
        )::integer as issue_on_time_count,
        issue.batch_id,
        issue.source_sheet,
        issue.source_row,
    from lake.core.inspection_issue as issue
    inner join inspection
        on concat_ws(':', issue.source, issue.inspection_id, issue.org_name) = inspection.row_key
    inner join data_date
        on
            data_date.entity = 'inspection'
            and issue.due_date <= data_date.coverage_to
)

select
    row_key,
    event_date,
    sub_branch,
    org_name,
    inspection_kind,
    issue_category,
    source,
    1 as issue_due_count,
    issue_rectified_count,
    issue_on_time_count,
    is_internal as internal_issue_due_count,
    is_internal * issue_rectified_count as internal_issue_rectified_count,
    is_internal * issue_on_time_count as internal_issue_on_time_count,
    is_regulatory as regulatory_issue_due_count,
    is_regulatory * issue_rectified_count as regulatory_issue_rectified_count,
    is_regulatory * issue_on_time_count as regulatory_issue_on_time_count,
    batch_id,
    source_sheet,
    source_row,
from due;
