"""What metrics read: facts of a subject, cut at a day, with people, files and releases worked out."""

from oshealth.derive.facts_of import Facts, Subject
from oshealth.derive.read_at import ReadAt
from oshealth.derive.snapshot import Snapshot, within
from oshealth.derive.window import Window

__all__ = ["Facts", "ReadAt", "Snapshot", "Subject", "Window", "within"]
