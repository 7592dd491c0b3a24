"""Floor 2: who reads what, when, under which blinding.

Profiles, studies, arms, assignments, exposures, tokens. Stands on `annotations`; nothing there knows of it.
"""
