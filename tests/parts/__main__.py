"""Fetches what the tests need and can be fetched; says by name what stays missing."""

import os
import subprocess
import sys

from tests.parts import browser, missing, node, postgres


def report(part: str, found: object, cure: str) -> bool:
    """One line about one part; True if it is there."""
    print(f"{part}: {found or f'missing ({cure})'}")
    return bool(found)


def npm_packages() -> str | None:
    """Fetches what the tests take from npm; where it lies, None if it could not be had."""
    found = node.find_node()
    if found is None:
        return None
    try:
        node.fetch_packages(found)
    except subprocess.CalledProcessError:
        return None
    return f"{node.FOLDER} on {found.program}"


def main() -> int:
    """Exit status 1 if a part is missing where all are required."""
    browser.fetch_chromium()
    named = "TEST_DATABASE_URL" if os.environ.get("TEST_DATABASE_URL") else None
    complete = [
        report("Chromium", browser.find_chromium(), "install Chromium or Chrome"),
        report("PostgreSQL", named or postgres.find_binaries(), postgres.CURE),
        report("Telegram test server, WeChat encryption", npm_packages(), "needs npm's registry"),
    ]
    return 1 if missing.required() and not all(complete) else 0


if __name__ == "__main__":
    sys.exit(main())
