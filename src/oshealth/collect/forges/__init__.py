"""GitHub and GitLab: what git does not know, in one shape whichever forge tells it."""
