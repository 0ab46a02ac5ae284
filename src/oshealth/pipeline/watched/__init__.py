"""What a run is about: the project folder, what it watches, and the order given."""
