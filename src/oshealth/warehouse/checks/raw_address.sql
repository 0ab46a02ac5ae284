-- Where a person or an account is named, a keyed hash stands: 32 hexadecimal digits, never a name or an address.
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
        'issue.author_account' as column_name,
        author_account as person
    from issue
    union all
    select
        'change_request.author_account' as column_name,
        author_account as person
    from change_request
    union all
    select
        'change_request.merged_by_account' as column_name,
        merged_by_account as person
    from change_request
    union all
    select
        'review.reviewer_account' as column_name,
        reviewer_account as person
    from review
    union all
    select
        'response.responder_account' as column_name,
        responder_account as person
    from response
)

select
    column_name,
    count(*) as row_count
from named
where not regexp_full_match(person, '[0-9a-f]{32}')
group by column_name;
