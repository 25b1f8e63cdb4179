"""The program and its channels to applicants."""
