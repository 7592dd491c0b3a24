"""Exports: a dataset version's reference readings or a closed study's readings, in four forms, each with a manifest.

`gathering` reads the rows, each form writes files into a `bundle`; the manifest ties file, case, reader and revision.
"""
