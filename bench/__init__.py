"""What `make bench` measures; each module is a chapter of RESULTS.md."""
