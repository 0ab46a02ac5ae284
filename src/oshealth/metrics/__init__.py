"""One measure to a file. See `oshealth.measure`."""
