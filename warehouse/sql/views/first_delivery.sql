-- Each table as it was delivered for the first time: no replays, no loads of the same bytes again.
create or replace view first_delivery as
select
    batch_id,
    file_name,
    file_sha256,
    coalesce(submitted_by, '未注明') as submitted_by,
    strftime(loaded_at, '%Y-%m') as month,
    rows_read - rows_ignored as rows_delivered,
    rows_inserted + rows_updated + rows_unchanged as rows_accepted,
from lake.meta.batch
where replays_sha256 is null
qualify
    row_number() over (
        partition by file_sha256, contract_id, sheet, header_row
        order by loaded_at
    ) = 1;
