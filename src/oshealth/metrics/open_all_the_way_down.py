from oshealth.derive.openness import Openness
from oshealth.licences.answer import answer
from oshealth.measure import Measured, metric, unknown

NOT_READ = "the dependencies have not been read"


@metric(
    family="Dependency openness",
    title="Open source all the way down",
    unit="label",
    source="Standard for Public Code: MUST be independent from non-open software",
    label_grades={"yes": "good", "no": "poor"},
    has_history=False,
    advice="Look at the findings: each names what is closed, where it stands, and what to do instead.",
)
def open_all_the_way_down(openness: Openness) -> Measured:
    """Whether the repository and everything that it runs on or builds with is open source: yes, or no.

    One thing that is closed is enough for no. As long as nothing closed was found but the licence of a component is
    not known, or a file that names components cannot be read, the answer is not known. Services that an open client
    talks to are told apart.
    """
    found = answer(openness.down)
    if found.label == "not known":
        return unknown(found.because, sample_size=openness.needed.height)
    return Measured(label=found.label, sample_size=openness.needed.height, evidence={"because": found.because})
