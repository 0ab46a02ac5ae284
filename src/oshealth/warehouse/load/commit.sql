-- Commits with persons for aliases, and whether they count here, in the upstream, or in the present home.
-- grain: one row per repository and commit
insert into commit by name
select
    c.repository,
    c.sha,
    c.position,
    c.parents,
    len(c.parents) > 1 as is_merge,
    u.sha is not null
    or (r.role = 'former' and bool_or(u.sha is not null) over (partition by c.repository)) as is_inherited,
    c.is_first_parent,
    coalesce(a.person, c.author_alias) as author_person,
    coalesce(k.person, c.committer_alias) as committer_person,
    c.authored_at,
    c.committed_at,
    c.known_at
from given_commit as c
inner join repository as r on c.repository = r.repository
left join given_commit as u on r.upstream = u.repository and c.sha = u.sha
left join given_identity as a on c.author_alias = a.alias
left join given_identity as k on c.committer_alias = k.alias;
