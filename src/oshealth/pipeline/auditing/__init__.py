"""One repository, once: the same rooms without a data folder."""
