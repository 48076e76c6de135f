-- One row per person and exam; the first sitting counts, make-up scores do not.
create or replace view exam_sitting as
with scaled as (
    select
        result.*,
        coalesce(path.sub_branch, result.org_name) as sub_branch,
        case when result.is_new_staff then '新员工' when not result.is_new_staff then '在岗员工' end
            as staff_group,
        (result.score * 100 / nullif(result.full_score, 0))::double as score_pct,
    from lake.core.exam_result as result
    left join organisation_path as path on result.org_name = path.org_name
)

select
    concat_ws(':', source, exam_name, person_key) as row_key,
    exam_date as event_date,
    sub_branch,
    org_name,
    post,
    business_line,
    staff_group,
    exam_name,
    case
        when score_pct < 60 then '[0,60)'
        when score_pct < 70 then '[60,70)'
        when score_pct < 80 then '[70,80)'
        when score_pct < 90 then '[80,90)'
        when score_pct >= 90 then '[90,100]'
    end as score_band,
    source,
    (attendance in ('参考', '缺考'))::integer as enrolled_count,
    (attendance is not distinct from '参考')::integer as participant_count,
    (score_pct is not null)::integer as scored_count,
    score_pct,
    coalesce(score_pct, 0) as score_sum,
    coalesce(score_pct >= 60, false)::integer as pass_count,
    coalesce(score_pct >= 90, false)::integer as excellent_count,
from scaled;
