"""Who is who, and for whom: aliases to persons, persons to organisations over time."""
