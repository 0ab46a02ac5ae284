"""Every dependency that a repository names: one module per ecosystem, one table out (`facts.DEPENDENCY`).

`names` says by its path what a file is, `batch.read_manifests` reads texts in a limited child process, `worker` is that
child. Nothing is executed, installed or fetched. This package imports no frames: its child must start quickly.
"""

from oshealth.collect.manifests.names import is_manifest, is_page, is_script, which

__all__ = ["is_manifest", "is_page", "is_script", "which"]
