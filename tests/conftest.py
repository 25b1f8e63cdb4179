"""Parts and settings shared by all tests."""

import os

from hypothesis import settings

pytest_plugins = [
    "pytester",
    "tests.parts.folders",
    "tests.parts.canaries",
    "tests.parts.missing",
    "tests.parts.browser",
    "tests.parts.ports",
    "tests.parts.postgres",
    "tests.parts.sqlite",
    "tests.parts.telegram",
    "tests.parts.wechat",
]

# A busy machine is no reason to fail; in CI the same examples every time.
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")
