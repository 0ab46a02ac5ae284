"""Ctrl-C while the main thread waits for others."""

import signal


def be_interrupted() -> None:
    """Let SIGINT end waits: Polars, once imported, has the system go on with them, and handlers run only after."""
    signal.siginterrupt(signal.SIGINT, True)
