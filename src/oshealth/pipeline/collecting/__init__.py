"""Stages that go out: crawl, ask forges and registries, compare forks."""
