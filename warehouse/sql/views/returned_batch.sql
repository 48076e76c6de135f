-- Each batch that sent rows back, with how many of them came back right since.
create or replace view returned_batch as
with returned as (
    select
        batch.batch_id,
        batch.file_name,
        batch.file_sha256,
        coalesce(batch.submitted_by, '未注明') as submitted_by,
        batch.sheet,
        batch.contract_id,
        batch.header_row,
        batch.loaded_at,
        issue.source_row,
    from lake.meta.batch as batch
    inner join lake.meta.row_issue as issue
        on batch.batch_id = issue.batch_id and issue.disposition = 'quarantined'
    where batch.replays_sha256 is null
    group by all
),

repaired as (
    select distinct
        replays_sha256,
        original_contract_id,
        original_sheet,
        original_header_row,
        original_row,
    from lake.meta.replayed_row
    where is_accepted
)

select
    returned.batch_id,
    returned.file_name,
    returned.submitted_by,
    returned.sheet,
    returned.loaded_at,
    count(*) as rows_returned,
    count(repaired.original_row) as rows_repaired,
from returned
left join repaired
    on
        returned.file_sha256 = repaired.replays_sha256
        and returned.contract_id = repaired.original_contract_id
        and returned.sheet is not distinct from repaired.original_sheet
        and returned.header_row = repaired.original_header_row
        and returned.source_row = repaired.original_row
group by all;
