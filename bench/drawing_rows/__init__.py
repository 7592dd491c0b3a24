"""The rows of the drawing bench: what, floor (empty where there is none), ours, to reach."""

Row = tuple[str, str, str, str]
