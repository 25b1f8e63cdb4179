"""The deployment files, read."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))
UNITS = sorted(DEPLOY.glob("systemd/*.service"))


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file."""
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


def objects() -> Iterator[dict[str, Any]]:
    """Every Kubernetes object."""
    for path in MANIFESTS:
        if path.name != "kustomization.yaml":
            yield from documents(path)


def compose() -> dict[str, Any]:
    """The compose file, its anchors resolved."""
    [found] = documents(DEPLOY / "compose.yaml")
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Every PromQL expression of alerts and dashboard, with where it stands."""
    [alerts] = documents(DEPLOY / "prometheus" / "alerts.yaml")
    for group in alerts["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    board = json.loads((DEPLOY / "grafana" / "beian.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def example(*, commented: bool) -> dict[str, str]:
    """The settings of the example file; with those that are commented out if wanted."""
    text = (DEPLOY / "beian.env.example").read_text(encoding="utf-8")
    mark = "#?" if commented else ""
    return dict(re.findall(rf"^{mark}(BEIAN_[A-Z_]+)=(.*)$", text, re.MULTILINE))


def settings_named() -> set[str]:
    """Every setting that some deployment file names."""
    texts = (path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    return {name for text in texts for name in re.findall(r"\bBEIAN_[A-Z_]+[A-Z]\b", text)}
