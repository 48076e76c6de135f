-- One row per review, by the day it was submitted (else accepted, else the day of the opinion).
create or replace view review_case as
select
    concat_ws(':', review.source, review.review_id) as row_key,
    coalesce(review.submitted_date, review.accepted_date, review.opinion_date) as event_date,
    coalesce(path.sub_branch, review.org_name) as sub_branch,
    review.org_name,
    review.review_type,
    review.category,
    review.stage,
    review.conclusion,
    review.source,
    1 as review_count,
    (review.is_first_pass is not null)::integer as first_pass_known_count,
    coalesce(review.is_first_pass, false)::integer as first_pass_count,
    coalesce(review.issue_count, 0) as issue_count,
    case when review.issue_count is null then 0 else coalesce(review.rectified_count, 0) end
        as rectified_count,
    coalesce(review.launch_date < review.opinion_date, false)::integer
        as launched_before_opinion_count,
from lake.core.review as review
left join organisation_path as path on review.org_name = path.org_name;
