"""What the tests need beside Python: a browser, PostgreSQL, Node and a Telegram test server."""
