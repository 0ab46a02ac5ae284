"""What a repository needs as CycloneDX 1.6: every component with its licence and whether it is needed to run."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import polars as pl

from oshealth import __version__

if TYPE_CHECKING:
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component

_OPTIONAL = {"development"}


def write_sbom(path: Path, name: str, head: str | None, needs: pl.DataFrame, made_at: datetime) -> None:
    """Write the file. The same needs at the same moment give the same bytes.

    Raises:
        OSError: it cannot be written.
    """
    from cyclonedx.output.json import JsonV1Dot6  # noqa: PLC0415 (slow to import)

    text = JsonV1Dot6(_bom(name, head, needs, made_at)).output_as_string(indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def _bom(name: str, head: str | None, needs: pl.DataFrame, made_at: datetime) -> "Bom":
    from cyclonedx.model.bom import Bom, BomMetaData  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentType  # noqa: PLC0415

    root = Component(name=name, version=head, type=ComponentType.APPLICATION, bom_ref="root")
    tool = Component(name="oshealth", version=__version__, type=ComponentType.APPLICATION, bom_ref="oshealth")
    metadata = BomMetaData(component=root, timestamp=made_at.replace(tzinfo=UTC))
    metadata.tools.components.add(tool)
    bom = Bom(metadata=metadata, serial_number=uuid5(NAMESPACE_URL, f"{name}@{head}"))
    # A package that several files name stands once.
    for need in needs.unique("key", keep="first", maintain_order=True).sort("key").iter_rows(named=True):
        bom.components.add(_component(need))
    bom.register_dependency(root, [each for each in bom.components if str(each.bom_ref) in _direct(needs)])
    return bom


def _direct(needs: pl.DataFrame) -> set[str]:
    return set(needs.filter(pl.col("is_direct"))["key"])


def _component(need: Mapping[str, Any]) -> "Component":
    from cyclonedx.model import Property  # noqa: PLC0415
    from cyclonedx.model.component import Component, ComponentScope, ComponentType  # noqa: PLC0415

    is_image = need["ecosystem"] == "docker"
    return Component(
        name=need["name"] or need["key"],
        version=need["resolved_version"],
        type=ComponentType.CONTAINER if is_image else ComponentType.LIBRARY,
        bom_ref=need["key"],
        purl=_purl(need["purl"]),
        scope=ComponentScope.EXCLUDED if need["scope"] in _OPTIONAL else ComponentScope.REQUIRED,
        licenses=list(_licences(need)),
        properties=[Property(name=f"oshealth:{key}", value=value) for key, value in _properties(need)],
    )


def _purl(text: str | None) -> Any:
    from packageurl import PackageURL  # noqa: PLC0415

    try:
        return PackageURL.from_string(text) if text else None
    except ValueError:
        return None


def _licences(need: Mapping[str, Any]) -> Iterator[Any]:
    from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression  # noqa: PLC0415
    from cyclonedx.spdx import is_supported_id  # noqa: PLC0415

    licence = need["licence"]
    if not licence:
        return
    if " " in licence:
        yield LicenseExpression(licence)
    elif is_supported_id(licence):
        yield DisjunctiveLicense(id=licence)
    else:  # a LicenseRef, or an id that came to SPDX after this version of CycloneDX
        yield DisjunctiveLicense(name=licence)


def _properties(need: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("scope", "openness", "licence_source", "path"):
        if need[key]:
            yield key, str(need[key])
