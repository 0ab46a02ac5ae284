from collections.abc import Mapping

from oshealth.derive.own_licence import OwnLicence
from oshealth.measure import Measured, metric, unknown
from oshealth.metrics._reasons import NO_FILES


@metric(
    family="Dependency openness",
    title="Its own licence",
    unit="label",
    source="OSI; Standard for Public Code",
    label_grades={"approved": "good", "other": "watch", "none": "poor"},
    pooling="each",
    advice="Put the whole text of a licence that the OSI approves into LICENSE, and its SPDX id into publiccode.yml. "
    "Without an open licence nobody may use or change the code.",
)
def licence_declared(own_licences: Mapping[str, OwnLicence]) -> Measured:
    """The repository's own licence: approved by the OSI, another one, or none.

    publiccode.yml is believed first, then manifests at the root, then licence files, recognised by their text. Files
    that name no licence in common are a finding; of manifests that do, the one is believed whose licence a file holds.
    Of several licence files it is not known whether one may choose: then the least open of them counts.
    """
    if not own_licences:
        return unknown(NO_FILES, sample_size=0)
    label = min((_label(own) for own in own_licences.values()), key=("none", "other", "approved").index)
    said = [
        {"path": one.path, "licence": one.expression or one.raw, "matched": one.score}
        for own in own_licences.values()
        for one in own.said
    ]
    disagreeing = [[one.path for one in own.disagreeing] for own in own_licences.values() if own.disagreeing]
    unread = [path for own in own_licences.values() for path in own.unread]
    names = list(dict.fromkeys(name for own in own_licences.values() for name in own.names))
    return Measured(
        label=label, evidence={"licence": names, "said": said, "not_recognised": unread, "disagreeing": disagreeing}
    )


def _label(own: OwnLicence) -> str:
    if own.is_none:
        return "none"
    return "approved" if own.openness == "approved" else "other"
