create table if not exists core.exam_section_score (
    source varchar not null,
    exam_name varchar not null,
    exam_date date,
    person_key varchar not null,
    section varchar not null,
    org_name varchar,
    post varchar,
    score decimal(9, 3),
    full_score decimal(9, 3),
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.exam_section_score is '考试分板块得分，每人每场每板块一行；业务主键为来源系统、考试名称、人员标识与板块';
comment on column core.exam_section_score.source is '来源系统';
comment on column core.exam_section_score.exam_name is '考试名称（场次）';
comment on column core.exam_section_score.exam_date is '考试日期；来源没有日期时为空';
comment on column core.exam_section_score.person_key is '人员标识，由工号加密得到，不可还原';
comment on column core.exam_section_score.section is '板块名称，如法律法规、实务操作';
comment on column core.exam_section_score.org_name is '所在机构';
comment on column core.exam_section_score.post is '岗位';
comment on column core.exam_section_score.score is '板块得分（分）';
comment on column core.exam_section_score.full_score is '板块满分（分）;来源没有给出时为空';
comment on column core.exam_section_score.batch_id is '装载批次';
comment on column core.exam_section_score.source_sheet is '来源工作表；CSV 为空';
comment on column core.exam_section_score.source_row is '来源行号（与 Excel 中所见一致）';
