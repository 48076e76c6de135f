create table if not exists core.exam_result (
    source varchar not null,
    exam_name varchar not null,
    exam_date date,
    person_key varchar not null,
    org_name varchar,
    post varchar,
    business_line varchar,
    is_new_staff boolean,
    attendance varchar,
    absence_reason varchar,
    score decimal(9, 3),
    full_score decimal(9, 3),
    makeup_score decimal(9, 3),
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.exam_result is '消保考试成绩，每人每场一行；业务主键为来源系统、考试名称与人员标识';
comment on column core.exam_result.source is '来源系统';
comment on column core.exam_result.exam_name is '考试名称（场次）';
comment on column core.exam_result.exam_date is '考试日期；来源没有日期时为空';
comment on column core.exam_result.person_key is '人员标识，由工号加密得到，不可还原';
comment on column core.exam_result.org_name is '所在机构';
comment on column core.exam_result.post is '岗位';
comment on column core.exam_result.business_line is '条线';
comment on column core.exam_result.is_new_staff is '是否新员工';
comment on column core.exam_result.attendance is '参加情况：参考、缺考、免考';
comment on column core.exam_result.absence_reason is '缺考原因';
comment on column core.exam_result.score is '首次考试成绩（分）';
comment on column core.exam_result.full_score is '满分（分）';
comment on column core.exam_result.makeup_score is '补考成绩（分）,不计入及格率';
comment on column core.exam_result.batch_id is '装载批次';
comment on column core.exam_result.source_sheet is '来源工作表；CSV 为空';
comment on column core.exam_result.source_row is '来源行号（与 Excel 中所见一致）';
