-- Complaints by the day they were received.
create or replace view complaint_received as
select
    row_key,
    received_date as event_date,
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
    1 as complaint_count,
    (is_ending_known and status is distinct from '不予受理')::integer as accepted_count,
    (is_ending_known and is_ended and status is distinct from '不予受理')::integer as closed_count,
    (is_repeat is not null)::integer as repeat_known_count,
    coalesce(is_repeat, false)::integer as repeat_count,
    -- The same person's same matter once more: after merging it is not counted again.
    (not coalesce(is_repeat, false))::integer as merged_count,
    (is_forwarded is not null)::integer as forwarded_known_count,
    coalesce(is_forwarded, false)::integer as forwarded_count,
    (is_escalated is not null)::integer as escalated_known_count,
    coalesce(is_escalated, false)::integer as escalated_count,
    coalesce(responsibility in ('有责', '部分有责', '无责'), false)::integer
        as responsibility_known_count,
    coalesce(responsibility in ('有责', '部分有责'), false)::integer as responsible_count,
    (is_resolved_at_first_contact is not null)::integer as first_contact_known_count,
    coalesce(is_resolved_at_first_contact, false)::integer as first_contact_resolved_count,
    coalesce(satisfaction in ('非常满意', '满意', '基本满意', '不满意', '非常不满意'), false)::integer
        as rated_count,
    (closed_count = 1 and rated_count = 1)::integer as closed_rated_count,
    coalesce(satisfaction in ('非常满意', '满意', '基本满意'), false)::integer as satisfied_count,
    coalesce(satisfaction = '非常满意', false)::integer as very_satisfied_count,
    coalesce(satisfaction = '基本满意', false)::integer as basically_satisfied_count,
    -- Five answers at equal distances on 0 to 100.
    coalesce(
        case satisfaction
            when '非常满意' then 100
            when '满意' then 75
            when '基本满意' then 50
            when '不满意' then 25
        end,
        0
    ) as satisfaction_points_sum,
    coalesce(
        satisfaction_efficiency in ('非常满意', '满意', '基本满意', '不满意', '非常不满意'), false
    )::integer as efficiency_rated_count,
    coalesce(satisfaction_efficiency in ('非常满意', '满意', '基本满意'), false)::integer
        as efficiency_satisfied_count,
    coalesce(
        satisfaction_solution in ('非常满意', '满意', '基本满意', '不满意', '非常不满意'), false
    )::integer as solution_rated_count,
    coalesce(satisfaction_solution in ('非常满意', '满意', '基本满意'), false)::integer
        as solution_satisfied_count,
from complaint_case;
