-- Authors and co-authors of what counts, each with the organisation that they worked for at that time.
-- grain: one row per commit and person
insert into contribution by name
with written as (
    select
        repository,
        sha,
        author_alias as alias,
        true as is_author
    from given_commit
    union all
    select
        repository,
        sha,
        unnest(coauthor_aliases) as alias,
        false as is_author
    from given_commit
),

by_person as (
    select
        w.repository,
        w.sha,
        coalesce(i.person, w.alias) as person,
        coalesce(max(i.kind), 'person') as kind,
        bool_or(w.is_author) as is_author
    from written as w
    left join given_identity as i on w.alias = i.alias
    where w.alias is not null
    group by all
)

select
    if(r.role = 'fork', null, r.codebase) as codebase,
    p.repository,
    p.sha,
    p.person,
    p.kind,
    p.is_author,
    c.authored_at,
    a.organisation
from by_person as p
inner join commit as c on p.repository = c.repository and p.sha = c.sha
inner join repository as r on p.repository = r.repository
left join given_affiliation as a
    on
        p.person = a.person
        and (a.from_at is null or c.authored_at >= a.from_at)
        and (a.until_at is null or c.authored_at < a.until_at)
where not c.is_merge and not c.is_inherited;
