"""The REST API of floor 2: log-in by token, studies, assignments, readings."""
