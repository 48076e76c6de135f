create table if not exists meta.row_issue (
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null,
    disposition varchar not null,
    rule_id varchar not null,
    column_name varchar,
    value_masked varchar,
    message varchar not null
);
comment on table meta.row_issue is '被退回、被忽略或带提示装载的每一行及其每一条原因；一行可有多条';
comment on column meta.row_issue.batch_id is '装载批次';
comment on column meta.row_issue.source_sheet is '来源工作表；CSV 为空';
comment on column meta.row_issue.source_row is '来源行号（与 Excel 中所见一致）';
comment on column meta.row_issue.disposition is '处置：quarantined 退回、ignored 忽略、warned 装载并提示';
comment on column meta.row_issue.rule_id is '规则编号';
comment on column meta.row_issue.column_name is '来源列名';
comment on column meta.row_issue.value_masked is '出错的值，个人信息已遮蔽';
comment on column meta.row_issue.message is '给人看的原因与改法';
