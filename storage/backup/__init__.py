"""Backups: everything in one sealed file, put back into any database, checked by doing so."""
