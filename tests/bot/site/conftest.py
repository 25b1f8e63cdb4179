"""The help site, written once and served to Chromium."""

import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.site.building import write_site
from bot.world import load_world
from dialogs.world import World

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped content, read once."""
    return load_world(Settings(_env_file=None))


@pytest.fixture(scope="session")
def site(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site as it ships."""
    out = tmp_path_factory.mktemp("site") / "out"
    write_site(world, out, TODAY, "https://beian.example.cn")
    return out


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
