"""Synthetic data of the form of LymphUs: the plan, the pictures, the sheets and the archives.

Pure numpy, scipy, Pillow and openpyxl. It knows nothing of Django, of the database or of the importer, which
is tested with what this package writes.
"""
