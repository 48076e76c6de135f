create table if not exists meta.batch (
    batch_id varchar not null,
    file_name varchar not null,
    file_sha256 varchar not null,
    file_bytes bigint not null,
    contract_id varchar not null,
    contract_digest varchar not null,
    entity varchar not null,
    source varchar not null,
    sheet varchar,
    header_row bigint,
    encoding varchar,
    is_demo boolean not null,
    rows_read bigint not null,
    rows_inserted bigint not null,
    rows_updated bigint not null,
    rows_unchanged bigint not null,
    rows_quarantined bigint not null,
    rows_ignored bigint not null,
    coverage_from date,
    coverage_to date,
    loaded_at timestamptz not null,
    file_tables bigint,
    column_names varchar,
    submitted_by varchar,
    replays_batch_id varchar,
    replays_sha256 varchar,
    rows_stated bigint,
    confirmed varchar
);
comment on table meta.batch is '装载批次：每个成功装载的文件一行；读入 = 新增 + 更新 + 未变 + 退回 + 忽略';
comment on column meta.batch.batch_id is '批次编号';
comment on column meta.batch.file_name is '文件名';
comment on column meta.batch.file_sha256 is '文件内容的 SHA-256';
comment on column meta.batch.file_bytes is '文件大小（字节）';
comment on column meta.batch.contract_id is '采用的合约';
comment on column meta.batch.contract_digest is '合约内容的摘要；合约改过后同一文件会重新装载';
comment on column meta.batch.entity is '数据种类，等于 core 中的表名';
comment on column meta.batch.source is '来源系统';
comment on column meta.batch.sheet is '工作表；CSV 为空';
comment on column meta.batch.header_row is '表头所在行（最后一行）';
comment on column meta.batch.encoding is '文本编码；工作簿为空';
comment on column meta.batch.is_demo is '是否演示数据';
comment on column meta.batch.rows_read is '读入行数';
comment on column meta.batch.rows_inserted is '新增行数';
comment on column meta.batch.rows_updated is '更新行数';
comment on column meta.batch.rows_unchanged is '未变行数';
comment on column meta.batch.rows_quarantined is '退回行数';
comment on column meta.batch.rows_ignored is '忽略行数（合计行、空行、重复行等）';
comment on column meta.batch.coverage_from is '数据覆盖的第一天';
comment on column meta.batch.coverage_to is '数据覆盖的最后一天（数据日期）';
comment on column meta.batch.loaded_at is '装载时间';
comment on column meta.batch.file_tables is '该文件中的表数；每张表一个批次';
comment on column meta.batch.column_names is '表头的列名，JSON 数组';
comment on column meta.batch.submitted_by is '报送单位：文件写明的，否则取自文件名或行中唯一的机构';
comment on column meta.batch.replays_batch_id is '补正批次所补的批次；不是退回单或原文件整份退回时为空';
comment on column meta.batch.replays_sha256 is '补正批次所补的原文件的 SHA-256；不是退回单时为空';
comment on column meta.batch.rows_stated is '合计行所写的件数；没有写明时为空';
comment on column meta.batch.confirmed is '由人确认后才装载的，写明是哪些规则的提醒，JSON 数组；无需确认的为空';
