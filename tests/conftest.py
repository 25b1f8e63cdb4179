"""Parts and fixtures shared by all tests."""

pytest_plugins = [
    "tests.parts.folders",
    "tests.parts.missing",
    "tests.parts.browser",
    "tests.parts.postgres",
    "tests.parts.telegram",
]
