-- Where a person is named, a keyed hash stands: 32 hexadecimal digits, never a name or an address.
-- grain: one row per column with something else, which is counted and not shown
with named as (
    select
        'person.person' as column_name,
        person
    from person
    union all
    select
        'contribution.person' as column_name,
        person
    from contribution
    union all
    select
        'affiliation.person' as column_name,
        person
    from affiliation
    union all
    select
        'commit.author_person' as column_name,
        author_person as person
    from commit
    union all
    select
        'commit.committer_person' as column_name,
        committer_person as person
    from commit
    union all
    select
        'issue.author_person' as column_name,
        author_person as person
    from issue
    union all
    select
        'change_request.author_person' as column_name,
        author_person as person
    from change_request
    union all
    select
        'change_request.merged_by_person' as column_name,
        merged_by_person as person
    from change_request
    union all
    select
        'review.reviewer_person' as column_name,
        reviewer_person as person
    from review
    union all
    select
        'response.responder_person' as column_name,
        responder_person as person
    from response
)

select
    column_name,
    count(*) as row_count
from named
where not regexp_full_match(person, '[0-9a-f]{32}')
group by column_name;
