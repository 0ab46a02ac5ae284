"""Who is asked about packages: deps.dev, the registries of the user's own npm and pip, and the user's own apt.

`configured` reads that configuration, `asking` asks within limits, the others turn answers into `answer.Found`.
"""
