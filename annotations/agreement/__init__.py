"""The cellar: agreement, accuracy and mask statistics in pure NumPy and SciPy.

Numbers go in, named results come out (`result.Estimate`). Nothing here knows Django, a database, a file or a web page,
and nothing here ever will; only `verify` and its adapters open files, the known answers. Every statistic is found by its
standard name in `registry`.
"""
