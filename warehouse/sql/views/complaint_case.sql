-- One row per complaint with its organisation, and clock.
-- Clock (CBIRC Order 2020 No. 3): calendar days from receipt (for forwarded cases: from the day the
-- forwarding was received, PBOC Order [2020] No. 5 Art. 43) to the decision, else closing, or to a
-- withdrawal before that; 15 days, with an approved extension up to 60 (30 if its days are blank).
create or replace view complaint_case as
with placed as (
    select
        complaint.*,
        coalesce(path.sub_branch, complaint.org_name) as sub_branch,
        coalesce(complaint.withdrawn_at is not null or complaint.status = '已撤诉', false)
            as is_withdrawn,
        -- `least` passes over what is blank.
        cast(
            least(
                complaint.withdrawn_at, coalesce(complaint.decided_at, complaint.closed_at)
            ) as date
        ) as ended_date,
        cast(complaint.received_at as date) as received_date,
        cast(
            case
                when complaint.is_forwarded
                    then coalesce(complaint.forwarded_at, complaint.received_at)
                else complaint.received_at
            end as date
        ) as clock_start_date,
        cast(least(
            60,
            15 + case
                when not coalesce(complaint.is_extension_approved, false) then 0
                else greatest(coalesce(complaint.extension_days, 15), 0)
            end
        ) as integer) as limit_days,
        status_code.name is not null or complaint.status is null as is_status_known,
    from lake.core.complaint as complaint
    left join organisation_path as path on complaint.org_name = path.org_name
    left join lake.meta.code as status_code
        on status_code.dimension = 'status' and complaint.status = status_code.name
)

select
    *,
    concat_ws(':', source, complaint_id) as row_key,
    clock_start_date + limit_days as due_date,
    ended_date - received_date as handling_days,
    ended_date - clock_start_date as clock_days,
    ended_date is not null or coalesce(status in ('已办结', '已撤诉', '不予受理'), false)
        as is_ended,
    -- Without a closing date or a status that the code list knows, nobody can say open or closed.
    ended_date is not null or is_status_known as is_ending_known,
from placed;
