"""The rows of the drawing bench: what, ours, to reach."""

Row = tuple[str, str, str]
