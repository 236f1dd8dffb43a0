"""Template tags of pages about data."""
