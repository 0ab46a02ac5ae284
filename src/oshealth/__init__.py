"""Health of open source codebases that public bodies govern together."""

__version__ = "0.1.0"
