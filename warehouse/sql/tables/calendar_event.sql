create table if not exists core.calendar_event (
    event_date date not null,
    event_name varchar not null,
    event_kind varchar,
    org_name varchar,
    note varchar,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.calendar_event is '大事记：系统升级、新规、活动等可能影响数字的事件，每件一行；业务主键为日期与名称';
comment on column core.calendar_event.event_date is '发生日期';
comment on column core.calendar_event.event_name is '事件名称';
comment on column core.calendar_event.event_kind is '事件类型：系统升级、新规、活动、其他';
comment on column core.calendar_event.org_name is '涉及机构；空白表示全行';
comment on column core.calendar_event.note is '说明';
comment on column core.calendar_event.batch_id is '装载批次';
comment on column core.calendar_event.source_sheet is '来源工作表；CSV 为空';
comment on column core.calendar_event.source_row is '来源行号（与 Excel 中所见一致）';
