"""Archives on their way in: read, checked and reported (`lymphus.read_lymphus`, touching nothing), then accepted
(`accept.accept_import`, one transaction).

Everything here treats what it reads as hostile. Nothing here knows of requests, jobs or pages.
"""
