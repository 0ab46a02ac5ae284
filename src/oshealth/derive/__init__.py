"""What several metrics share, worked out once from facts and people, and cut at one day."""
