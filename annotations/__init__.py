"""Floor 1: what is read and what was said about it.

Datasets, cases, images, readings, masks, analyses. Never who reads what and when, which is `readers`; never a setting of
the building, which is `lymphus_web`.
"""
