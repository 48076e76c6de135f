"""What the pages share: frame, filters, queries, figures, tables and words."""
