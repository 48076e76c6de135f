create table if not exists meta.check_result (
    batch_id varchar not null,
    rule_id varchar not null,
    expectation varchar not null,
    column_name varchar,
    severity varchar not null,
    description varchar not null,
    is_success boolean not null,
    checked_count bigint,
    failed_count bigint
);
comment on table meta.check_result is '每个批次每条检查规则的结果';
comment on column meta.check_result.batch_id is '装载批次';
comment on column meta.check_result.rule_id is '规则编号';
comment on column meta.check_result.expectation is 'Great Expectations 的期望类型';
comment on column meta.check_result.column_name is '受检字段';
comment on column meta.check_result.severity is '级别：error 退回该行，warning 装载并提示';
comment on column meta.check_result.description is '规则说明';
comment on column meta.check_result.is_success is '是否通过';
comment on column meta.check_result.checked_count is '受检行数';
comment on column meta.check_result.failed_count is '未通过行数';
