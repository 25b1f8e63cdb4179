"""Reading and checking what identifies people, bodies and their resources, one file per kind."""
