-- Everybody who wrote or committed.
-- grain: one row per person
insert into person by name
with seen as (
    select author_person as person from commit
    union
    select committer_person as person from commit
    union
    select person from contribution
),

wrote as (
    select
        person,
        min(authored_at) as first_at,
        max(authored_at) as last_at,
        count(distinct sha) as contribution_count
    from contribution
    group by person
),

known as (
    select
        person,
        max(kind) as kind
    from given_identity
    group by person
)

select
    s.person,
    coalesce(k.kind, 'person') as kind,
    w.first_at,
    w.last_at,
    coalesce(w.contribution_count, 0) as contribution_count
from seen as s
left join wrote as w on s.person = w.person
left join known as k on s.person = k.person
where s.person is not null;
