"""Reads what others wrote: git histories, forges, manifests."""
