"""Crawl, load, report as plain functions: what the flow wraps, and what `audit` calls."""
