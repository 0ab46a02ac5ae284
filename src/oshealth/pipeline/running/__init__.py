"""All stages of a run, in their order, several items at once."""
