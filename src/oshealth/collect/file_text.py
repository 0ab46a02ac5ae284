"""The content of a file as text, however it is encoded."""

_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins, which some programs on Windows write requirements in."""


def file_text(content: bytes) -> str:
    """Without a byte order mark; bytes that are not UTF-8 are escaped."""
    if content.startswith(_MARKS):
        return content.decode("utf-16", "replace")
    return content.decode("utf-8-sig", "backslashreplace")
