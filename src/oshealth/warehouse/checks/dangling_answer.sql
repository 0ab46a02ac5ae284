-- Every review and every first answer finds the issue or change request that it answers.
-- grain: one row per review or answer without one
with asked as (
    select
        'issue' as subject_kind,
        repository,
        number,
        opened_at
    from issue
    union all
    select
        'change_request' as subject_kind,
        repository,
        number,
        opened_at
    from change_request
),

answered as (
    select
        subject_kind,
        repository,
        number,
        responded_at as answered_at
    from response
    union all
    select
        'change_request' as subject_kind,
        repository,
        number,
        submitted_at as answered_at
    from review
)

select
    w.subject_kind,
    w.repository,
    w.number,
    w.answered_at
from answered as w
left join asked as q on w.subject_kind = q.subject_kind and w.repository = q.repository and w.number = q.number
where q.number is null;
