"""Facts on disk: `FactsFolder` for what may be published, `PrivateFolder` for what must not be."""

from oshealth.store.facts_folder import FactsFolder
from oshealth.store.ledger import Ledger, StoreError, folder_name, repository_of
from oshealth.store.partial_folder import PartialFolder
from oshealth.store.private_folder import AliasKeyError, PrivateFolder
from oshealth.store.runs_folder import RunFolder

__all__ = [
    "AliasKeyError",
    "FactsFolder",
    "Ledger",
    "PartialFolder",
    "PrivateFolder",
    "RunFolder",
    "StoreError",
    "folder_name",
    "repository_of",
]
