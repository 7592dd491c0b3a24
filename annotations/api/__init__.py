"""The REST API of floor 1, and what the whole API shares: error shape, pages, scopes."""
