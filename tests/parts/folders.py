"""Where fetched parts are kept, and the folder one run of the tests shares among its workers."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".parts"
"""Fetched once, kept between runs."""

_FOLDER = "BEIAN_TEST_FOLDER"
_OWNER = "BEIAN_TEST_OWNER"


def run_folder() -> Path:
    """This run's own folder, the same in all its workers; its path is short enough for sockets."""
    return Path(os.environ[_FOLDER])


def run_owner() -> int:
    """The process that began this run and outlives its workers."""
    return int(os.environ[_OWNER])


def own_run() -> None:
    """Make this process a run of its own: for what starts parts outside the tests."""
    os.environ.setdefault(_OWNER, str(os.getpid()))


def is_worker(config: pytest.Config) -> bool:
    """Whether this process was started by another to run a share of the tests."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Makes the run's folder; workers inherit it with the environment."""
    if is_worker(config):
        return
    os.environ[_FOLDER] = tempfile.mkdtemp(prefix="beian-")
    os.environ[_OWNER] = str(os.getpid())


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes it again."""
    if not is_worker(config):
        shutil.rmtree(run_folder(), ignore_errors=True)
