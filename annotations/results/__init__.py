"""A stored result as pages and tables show it: rows, marks on a scale, words. No statistic is computed here."""
