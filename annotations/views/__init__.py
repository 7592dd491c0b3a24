"""Pages of floor 1: datasets, gallery, imports, analyses, exports."""
