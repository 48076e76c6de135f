-- One row per opinion, by the day of its review; adoption counts opinions, not reviews.
create or replace view review_opinion as
select
    review_case.row_key,
    review_case.event_date,
    review_case.sub_branch,
    review_case.org_name,
    review_case.review_type,
    review_case.category,
    review_case.source,
    opinion.adoption,
    1 as opinion_count,
    coalesce(opinion.adoption in ('采纳', '部分采纳', '未采纳'), false)::integer
        as adoption_known_count,
    coalesce(opinion.adoption = '采纳', false)::integer as adopted_count,
    opinion.batch_id,
    opinion.source_sheet,
    opinion.source_row,
from lake.core.review_opinion as opinion
inner join review_case
    on concat_ws(':', opinion.source, opinion.review_id) = review_case.row_key;
