"""Everything known about data at rest: the store, its tables and views, the indicators."""
