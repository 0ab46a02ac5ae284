"""Which errors a person who typed a command can answer, and with which exit status."""

import errno
from dataclasses import dataclass

from oshealth.collect.errors import AddressError, ChildMissing, CollectError
from oshealth.commands.status import FAILED, WRONG_USAGE
from oshealth.licences.decisions import LicencesError
from oshealth.people.decisions import DecisionsError
from oshealth.people.registry import RegistryError
from oshealth.pipeline.watched.project import ProjectError
from oshealth.reports.errors import PageError
from oshealth.sources import SourcesError
from oshealth.store import AliasKeyError, StoreError
from oshealth.warehouse.errors import QueryError, WarehouseError

_WRONG = (
    AddressError,
    AliasKeyError,
    ChildMissing,
    DecisionsError,
    LicencesError,
    ProjectError,
    QueryError,
    RegistryError,
    SourcesError,
)
_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What the system says of a file or folder that belongs to somebody else, or that nobody may write."""


@dataclass(frozen=True)
class Known:
    """A sentence for the terminal and the exit status."""

    sentence: str
    status: int


def sentence_of(error: Exception) -> Known | None:
    """What to say of an error that is not a defect of this program; nothing for any other."""
    if isinstance(error, _WRONG):
        return Known(str(error), WRONG_USAGE)
    if isinstance(error, (CollectError, PageError, StoreError, WarehouseError)):
        return Known(str(error), FAILED)
    if isinstance(error, OSError) and error.errno in _REFUSED and error.filename:
        return Known(f"{error.filename}: {error.strerror}; oshealth must be allowed to use it", WRONG_USAGE)
    return None
