create table if not exists core.policy_check (
    source varchar not null,
    check_key varchar not null,
    policy_name varchar,
    check_item varchar,
    org_name varchar,
    checked_date date,
    is_executed boolean,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.policy_check is '制度执行检查，每个检查事项一行；业务主键为来源系统与检查事项标识';
comment on column core.policy_check.source is '来源系统';
comment on column core.policy_check.check_key is '检查事项标识，由机构、制度、事项、日期合成';
comment on column core.policy_check.policy_name is '制度名称';
comment on column core.policy_check.check_item is '检查事项';
comment on column core.policy_check.org_name is '受检机构';
comment on column core.policy_check.checked_date is '检查日期';
comment on column core.policy_check.is_executed is '制度是否已执行；不适用或没有结论时为空';
comment on column core.policy_check.batch_id is '装载批次';
comment on column core.policy_check.source_sheet is '来源工作表；CSV 为空';
comment on column core.policy_check.source_row is '来源行号（与 Excel 中所见一致）';
