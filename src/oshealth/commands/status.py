"""How a command ends."""

FAILED, WRONG_USAGE, PARTLY_DONE, BAND_REACHED = 1, 2, 3, 4
