create table if not exists core.review_opinion (
    source varchar not null,
    review_id varchar not null,
    opinion_no varchar not null,
    opinion_masked varchar,
    adoption varchar,
    batch_id varchar not null,
    source_sheet varchar,
    source_row bigint not null
);
comment on table core.review_opinion is '消保审查意见，每条一行；业务主键为来源系统、项目编号与意见序号';
comment on column core.review_opinion.source is '来源系统';
comment on column core.review_opinion.review_id is '项目编号';
comment on column core.review_opinion.opinion_no is '意见序号；来源没有序号时按出现次序编号';
comment on column core.review_opinion.opinion_masked is '审查意见内容，个人信息已遮蔽';
comment on column core.review_opinion.adoption is '采纳情况：采纳、部分采纳、未采纳';
comment on column core.review_opinion.batch_id is '装载批次';
comment on column core.review_opinion.source_sheet is '来源工作表；CSV 为空';
comment on column core.review_opinion.source_row is '来源行号（与 Excel 中所见一致）';
