create table if not exists meta.code (
    dimension varchar not null,
    code varchar not null,
    name varchar not null,
    group_name varchar not null,
    display_order integer not null
);
comment on table meta.code is '代码表：各分类维度认识的值、上级与排列顺序';
comment on column meta.code.dimension is '维度';
comment on column meta.code.code is '本地代码，不是 JR/T 0169 的官方代码';
comment on column meta.code.name is '值的规范名称';
comment on column meta.code.group_name is '所属大类的规范名称';
comment on column meta.code.display_order is '排列顺序';
