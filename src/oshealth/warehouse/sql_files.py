"""The SQL that ships beside this code, read as package resources."""

from importlib.resources import files


def read(folder: str) -> dict[str, str]:
    """The .sql files of a folder of this room, by name without ending, sorted."""
    found = files("oshealth.warehouse").joinpath(folder).iterdir()
    return {
        entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8")
        for entry in sorted(found, key=lambda entry: entry.name)
        if entry.name.endswith(".sql")
    }
