"""Which licence something has, and whether it is open: from dirty strings and texts to one of four states.

`expressions` reads what people write, `texts` recognises licence files, `openness` judges an expression, `conflicts`
says what cannot be combined, `catalogue` knows closed products and services, `decisions` what a human has decided,
and `judging` puts them together for each package. What a steward should look at, `derive.findings` says. Nothing here
is fetched.
"""

from oshealth.licences.expressions import Reading, read_licence
from oshealth.licences.openness import Openness, Verdict, judge

__all__ = ["Openness", "Reading", "Verdict", "judge", "read_licence"]
