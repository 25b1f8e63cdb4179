"""What the tests need beside Python: a browser, PostgreSQL, Node and some npm packages."""
