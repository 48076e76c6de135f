create table if not exists meta.replayed_row (
    batch_id varchar not null,
    source_row bigint not null,
    replays_sha256 varchar not null,
    original_contract_id varchar not null,
    original_sheet varchar,
    original_header_row bigint not null,
    original_row bigint not null,
    is_accepted boolean not null
);
comment on table meta.replayed_row is '退回单中补正后放回的行：来自哪个文件的哪一行，是否已装载';
comment on column meta.replayed_row.batch_id is '补正批次';
comment on column meta.replayed_row.source_row is '在退回单中的行号';
comment on column meta.replayed_row.replays_sha256 is '原文件内容的 SHA-256';
comment on column meta.replayed_row.original_contract_id is '原文件采用的合约';
comment on column meta.replayed_row.original_sheet is '原文件的工作表；CSV 为空';
comment on column meta.replayed_row.original_header_row is '原文件中表头所在行（最后一行）';
comment on column meta.replayed_row.original_row is '在原文件中的行号';
comment on column meta.replayed_row.is_accepted is '是否已装载；否则再次退回或忽略';
