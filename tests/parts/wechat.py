"""WeChat's message encryption by two implementations from npm that nobody here wrote."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.parts.missing import give_up
from tests.parts.node import FOLDER, find_node, packages_fetched

CURE = "run make parts"
LIBRARIES = ("@wecom/crypto", "wechat-crypto")


@dataclass(frozen=True, slots=True)
class NpmCrypto:
    """Either library, many jobs to a call: starting Node takes longer than all of them."""

    program: str
    library: str

    def encrypted(self, messages: list[str], **shared: str) -> list[str]:
        """Each message encrypted; ``shared`` holds key, app_id and salt (hexadecimal)."""
        found: list[str] = self._run("encrypt", messages, shared)
        return found

    def decrypted(self, texts: list[str], **shared: str) -> list[list[str]]:
        """Message and app id of each text."""
        found: list[list[str]] = self._run("decrypt", texts, shared)
        return found

    def signatures(self, texts: list[str], **shared: str) -> list[str]:
        """The signature of each text; ``shared`` holds token, timestamp and nonce too."""
        found: list[str] = self._run("sign", texts, shared)
        return found

    def _run(self, job: str, texts: list[str], shared: dict[str, str]) -> Any:
        script = Path(__file__).with_name("wechat_crypto.js")
        work = {"library": self.library, "job": job, "texts": texts, **shared}
        done = subprocess.run(
            [self.program, "--no-deprecation", str(script), str(FOLDER)],
            input=json.dumps(work),
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)


@pytest.fixture(params=LIBRARIES)
def npm_crypto(request: pytest.FixtureRequest) -> NpmCrypto:
    """Each library in turn."""
    node = find_node()
    if node is None or not packages_fetched():
        give_up("WeChat encryption from npm", CURE)
    return NpmCrypto(node.program, request.param)
