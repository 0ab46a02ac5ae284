"""Reasons for not knowing that several measures give."""

from oshealth.derive.spread import NO_CONTRIBUTION

NO_CONTRIBUTION_BEFORE = "nobody contributed in the year before the last"
NO_FILES = "there was no file on its main line on this day"
NOT_DECLARED = "no publiccode.yml names a user, and whoever runs oshealth named none in sources.toml"
NO_DIRECT = "no file names a dependency whose releases a registry dates"
NO_DATES = "no registry told when the versions in use were released"

__all__ = ["NOT_DECLARED", "NO_CONTRIBUTION", "NO_CONTRIBUTION_BEFORE", "NO_DATES", "NO_DIRECT", "NO_FILES"]
