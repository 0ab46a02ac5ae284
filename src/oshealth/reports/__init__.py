"""The pages: HTML files that work alone, from a read-only connection to the warehouse and its views only.

`portfolio` and `codebase` write them. Nothing is imported here: the terminal wants the words alone.
"""
