"""Looks for keys, tokens and passwords in the files of the project; knows those made up for tests.

``--accept`` writes what is found now into ``.secrets.json`` as made up. A finding is known by its
kind and its digest, so that it may move within the files.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT: Final = Path(__file__).parents[1]
KNOWN: Final = ROOT / ".secrets.json"
_READ: Final = frozenset(
    {".py", ".toml", ".yaml", ".yml", ".json", ".md", ".js", ".html", ".example", ".service", ""}
)
_LEFT_OUT: Final = (
    *("requirements/", "tests/parts/node/", "knowledge/articles/", "filing/data/", ".secrets.json"),
)
"""Digests of packages, and texts without end."""

_KINDS: Final = (
    *("ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector"),
    *("DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector"),
    *("NpmDetector", "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector"),
    *("SendGridDetector", "SlackDetector", "StripeDetector", "TelegramBotTokenDetector"),
    *("TwilioKeyDetector",),
)
_SETTINGS: Final = {
    "plugins_used": [
        *({"name": name} for name in _KINDS),
        {"name": "Base64HighEntropyString", "limit": 4.5},
    ],
    "filters_used": [
        {"path": "detect_secrets.filters.allowlist.is_line_allowlisted"},
        {"path": "detect_secrets.filters.heuristic.is_templated_secret"},
        {"path": "detect_secrets.filters.heuristic.is_sequential_string"},
    ],
}


def found_in(files: Iterable[Path]) -> dict[tuple[str, str], str]:
    """What looks like a secret, by kind and digest, and the place where it stands."""
    found = {}
    with transient_settings(_SETTINGS):
        for file in files:
            secrets = SecretsCollection()
            secrets.scan_file(str(file))
            for _, secret in secrets:
                place = f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}"
                found[secret.type, secret.secret_hash] = f"{place}:{secret.line_number}"
    return found


def kept_files() -> list[Path]:
    """Every file under version control that people write."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = [name for name in listed.stdout.split("\0") if name and not name.startswith(_LEFT_OUT)]
    return [ROOT / name for name in names if Path(name).suffix in _READ and (ROOT / name).is_file()]


def known() -> set[tuple[str, str]]:
    """What is made up, as ``--accept`` wrote it."""
    return {(kind, digest) for kind, digest in json.loads(KNOWN.read_text(encoding="utf-8"))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 if there is a secret nobody knows."""
    parser = argparse.ArgumentParser(prog="python -m tools.secret_scan", description=__doc__)
    parser.add_argument("--accept", action="store_true", help="all that is found now is made up")
    options = parser.parse_args(arguments)
    found = found_in(kept_files())
    if options.accept:
        KNOWN.write_text(json.dumps(sorted(found), indent=1) + "\n", encoding="utf-8")
        print(f"{len(found)} made-up secrets written into {KNOWN.name}")
        return 0
    new = {key: place for key, place in found.items() if key not in known()}
    for (kind, _), place in sorted(new.items(), key=lambda one: one[1]):
        print(f"{place}: looks like a secret ({kind}); take it out, or if it is made up:", end=" ")
        print("python -m tools.secret_scan --accept")
    print(f"{len(new)} unknown secrets in {len(kept_files())} files", file=sys.stderr)
    return 1 if new else 0


if __name__ == "__main__":
    raise SystemExit(main())
