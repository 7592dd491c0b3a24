"""Pages of floor 2: log-in, worklist, reading, studies."""
