create table if not exists core.double_recording (
    source varchar not null,
    recording_id varchar not null,
    org_name varchar,
    sold_date date,
    product_type varchar,
    product_name varchar,
    is_required boolean,
    is_recorded boolean,
    is_sampled boolean,
    is_qualified boolean,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.double_recording is '录音录像（双录）质检，每笔销售一行；业务主键为来源系统与双录编号';
comment on column core.double_recording.source is '来源系统';
comment on column core.double_recording.recording_id is '双录编号（业务流水号）';
comment on column core.double_recording.org_name is '销售机构';
comment on column core.double_recording.sold_date is '销售日期';
comment on column core.double_recording.product_type is '产品类型，来源所写';
comment on column core.double_recording.product_name is '产品名称';
comment on column core.double_recording.is_required is '是否应当双录；来源没有写时视为应当';
comment on column core.double_recording.is_recorded is '是否已双录；空白表示不知道';
comment on column core.double_recording.is_sampled is '是否抽中质检';
comment on column core.double_recording.is_qualified is '质检是否合格；没有质检结果时为空';
comment on column core.double_recording.batch_id is '装载批次';
comment on column core.double_recording.source_sheet is '来源工作表；CSV 为空';
comment on column core.double_recording.source_row is '来源行号（与 Excel 中所见一致）';
