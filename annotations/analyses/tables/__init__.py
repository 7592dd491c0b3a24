"""Analysis of any table of ratings: no cases, images or readers of the database. `schema` says what the columns are."""
