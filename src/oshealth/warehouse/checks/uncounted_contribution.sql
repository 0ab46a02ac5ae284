-- Merges and inherited commits are no contributions, and every other commit of a known author is one.
-- grain: one row per commit that is counted wrongly
select
    c.repository,
    c.sha,
    c.is_merge,
    c.is_inherited,
    count(k.person) as contribution_count
from commit as c
left join contribution as k on c.repository = k.repository and c.sha = k.sha
where c.author_person is not null
group by c.repository, c.sha, c.is_merge, c.is_inherited
having (count(k.person) > 0) = (c.is_merge or c.is_inherited);
