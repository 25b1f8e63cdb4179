"""Stores behind the ports of the inner packages: tables, encryption, migrations."""
