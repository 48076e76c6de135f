-- Complaints by the day their time limit ended, once the extracts reach that day.
-- Withdrawn cases are out. Where only the source says whether a case was timely, its word is taken;
-- a blank is neither yes nor no.
create or replace view complaint_due as
with today as (
    select coverage_to as data_date,
    from data_date
    where entity = 'complaint'
),

due as (
    select
        complaint_case.*,
        today.data_date,
        coalesce(complaint_case.states_timeliness, false) as is_stated,
        case
            when complaint_case.states_timeliness
                then coalesce(complaint_case.stated_due_at::date, complaint_case.received_date)
            else complaint_case.due_date
        end as event_date,
    from complaint_case
    cross join today
    where
        not complaint_case.is_withdrawn
        and complaint_case.status is distinct from '不予受理'
        and (
            complaint_case.states_timeliness
            -- Who never says when a case ended cannot tell whether that was in time.
            or (complaint_case.is_ending_known and coalesce(complaint_case.dates_endings, true))
        )
)

select
    row_key,
    event_date,
    sub_branch,
    org_name,
    area,
    intake_channel,
    service_channel,
    category,
    product,
    cause,
    cause_detail,
    complaint_level,
    status,
    responsibility,
    special_group,
    customer_type,
    source,
    1 as due_count,
    case
        when is_stated then is_timely_stated
        else coalesce(ended_date <= due_date, false)
    end::integer as timely_count,
    coalesce(is_forwarded, false)::integer as forwarded_due_count,
    (coalesce(is_forwarded, false) and timely_count = 1)::integer as forwarded_timely_count,
    -- 16 to 60 days without a word on an extension: evidence is missing, lateness is not proven.
    (
        not is_stated
        and is_extension_approved is null
        and coalesce(ended_date > due_date and clock_days <= 60, false)
    )::integer as needs_evidence_count,
from due
where
    case when is_stated then is_timely_stated is not null else due_date <= data_date end;
