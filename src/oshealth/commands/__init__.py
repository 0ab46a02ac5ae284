"""What the commands do; `cli.py` says what they take."""
