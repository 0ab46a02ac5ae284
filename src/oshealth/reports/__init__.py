"""The pages: HTML files that work alone, from a read-only connection to the warehouse and its views only."""

from oshealth.reports.codebase import audit_page, write_codebase
from oshealth.reports.portfolio import Link, write_all, write_portfolio

__all__ = ["Link", "audit_page", "write_all", "write_codebase", "write_portfolio"]
