"""Image, compose file, units, manifests, alerts and dashboard fit the program and their formats."""

import re
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import kubernetes_validate
import promql_parser
import pytest
from click import Group
from pydantic import TypeAdapter
from typer.main import get_command

from bot.checking import half_set, unfit
from bot.cli import app
from bot.materials.running import RetentionMetrics
from bot.metrics import CHANNELS, Metrics
from bot.privacy.running import ErasingMetrics
from bot.reminding.counting import ReminderMetrics
from bot.settings import Settings, load_settings
from tests.deploy import files
from tests.deploy.files import DEPLOY, ROOT

ROLES = {"all", "web", "telegram", "wechat", "wecom", "scheduler"}
KUBERNETES = ("1.30", "1.37")


def lines_of(name: str) -> list[str]:
    return (DEPLOY / name).read_text(encoding="utf-8").splitlines()


def hadolint() -> str | None:
    return shutil.which("hadolint", path=str(Path(sys.executable).parent))


@pytest.mark.skipif(hadolint() is None, reason="hadolint has no wheel for this machine")
def test_the_dockerfile_has_none_of_the_known_slips() -> None:
    done = subprocess.run(
        [str(hadolint()), str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_holds_every_package_and_nothing_of_anybodys() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    copied = {
        word
        for line in lines_of("Dockerfile")
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    assert packages <= copied
    let_in = {line[1:] for line in lines_of("Dockerfile.dockerignore") if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / one).exists() for one in let_in)
    kept_out = [line for line in lines_of("Dockerfile.dockerignore") if line.startswith("**/")]
    for private in ("x/.env", "x/var", "x/__pycache__"):
        assert any(fnmatch(private, pattern.replace("**/", "*/")) for pattern in kept_out)


def test_the_image_runs_without_root_and_is_watched() -> None:
    text = "\n".join(lines_of("Dockerfile"))
    assert "\nUSER 10001:10001\n" in text
    assert "healthz" in text
    assert "STOPSIGNAL SIGTERM" in text


def test_the_compose_file_is_one_by_the_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_service_of_the_compose_file_can_do_little_and_stops_in_order() -> None:
    services = files.compose()["services"]
    ours = {name: one for name, one in services.items() if one["image"] == "beian-assistant"}
    assert set(ours) == {"web", "telegram", "scheduler"}
    for one in ours.values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert int(one["stop_grace_period"].removesuffix("s")) > 10
        assert set(one["depends_on"]) <= set(services)
        assert one["command"][0] == "serve"
        assert roles_in(one["command"]) <= ROLES
    assert all(port.startswith("127.0.0.1:") for port in ours["web"]["ports"])


def roles_in(command: list[str]) -> set[str]:
    return {command[at + 1] for at, word in enumerate(command) if word == "--role"}


@pytest.mark.parametrize("version", KUBERNETES)
def test_every_manifest_is_valid_for_kubernetes(version: str) -> None:
    for one in files.objects():
        kubernetes_validate.validate(one, version, strict=True)


def test_the_kustomization_names_every_manifest() -> None:
    [found] = files.documents(DEPLOY / "kubernetes" / "kustomization.yaml")
    named = {*found["resources"], "kustomization.yaml"}
    assert named == {path.name for path in files.MANIFESTS}


def deployments() -> dict[str, dict[str, Any]]:
    return {
        one["metadata"]["name"]: one["spec"]
        for one in files.objects()
        if one["kind"] == "Deployment"
    }


def test_every_pod_can_do_little_and_is_probed() -> None:
    assert set(deployments()) == {"beian-web", "beian-telegram", "beian-scheduler"}
    for spec in deployments().values():
        pod = spec["template"]["spec"]
        [container] = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert pod["terminationGracePeriodSeconds"] > 15  # 5 until the proxies know, 10 to stop
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
        assert roles_in(container["args"]) <= ROLES
        assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]


def test_of_every_role_one_pod_goes_on_while_another_is_replaced() -> None:
    for spec in deployments().values():
        assert spec["replicas"] == 2
        assert spec["strategy"]["type"] == "RollingUpdate"


@pytest.mark.parametrize("path", files.UNITS, ids=lambda path: path.name)
def test_every_unit_can_do_little_and_has_time_to_stop(path: Path) -> None:
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(path.read_text(encoding="utf-8"))
    service = unit["Service"]
    assert int(service["TimeoutStopSec"]) > 10
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices"):
        assert service[name] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["ExecStart"].startswith("/opt/beian/bin/beian serve")


SET_BY_THE_DEPLOYMENT = {"BEIAN_HOME", "BEIAN_HOST", "BEIAN_PORT", "BEIAN_HEALTH_PORT"}
"""Where processes listen and keep their things: not for the file of settings."""


def test_every_setting_named_is_one_and_the_example_names_all() -> None:
    known = {f"BEIAN_{name.upper()}" for name in Settings.model_fields}
    assert files.settings_named() - known == set()
    named = files.example(commented=True)
    assert named.keys() == known - SET_BY_THE_DEPLOYMENT


def test_the_example_filled_in_is_one_that_starts() -> None:
    filled = files.example(commented=False) | {
        "BEIAN_MASTER_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "BEIAN_OPERATOR_NAME": "样例云",
        "BEIAN_OPERATOR_CONTACT": "help@example.cn",
    }
    named = {name.removeprefix("BEIAN_").lower(): value for name, value in filled.items()}
    settings = load_settings(_env_file=None, **{k: v for k, v in named.items() if v})
    assert not [*unfit(settings), *half_set(settings)]
    assert "127.0.0.1" in settings.trusted_proxies.split(",")  # a proxy on the same machine


def test_what_the_example_shows_of_a_default_is_the_default() -> None:
    shown = files.example(commented=True)
    for name, info in Settings.model_fields.items():
        text = shown.get(f"BEIAN_{name.upper()}", "")
        if text and info.default not in (None, "") and name not in EXAMPLES:
            assert TypeAdapter(info.annotation).validate_python(text) == info.default, name


EXAMPLES = {"public_url", "trusted_proxies", "telegram_mode", "log_format", "oidc_roles"}
"""Of these the file shows what an operator needs rather than the default."""


def test_the_first_dead_letter_of_a_channel_is_an_increase() -> None:
    page = Metrics().page().decode()
    for channel in CHANNELS:
        assert f'beian_dead_letters_total{{channel="{channel}"}} 0.0' in page


def counted() -> set[str]:
    metrics = Metrics()
    ReminderMetrics(metrics.registry)
    RetentionMetrics(metrics.registry)
    ErasingMetrics(metrics.registry)
    names = {"up"}
    for family in metrics.registry.collect():
        if family.type == "counter":
            names.add(f"{family.name}_total")
        elif family.type == "histogram":
            names |= {f"{family.name}_{part}" for part in ("bucket", "count", "sum")}
        else:
            names.add(family.name)
    return names


@pytest.mark.parametrize("where, expression", list(files.expressions()))
def test_alerts_and_dashboard_ask_for_what_is_counted(where: str, expression: str) -> None:
    promql_parser.parse(expression)
    asked = set(re.findall(r"\b(?:beian_\w+|up)\b", expression))
    assert asked, where
    assert asked <= counted(), where


HANDBOOK = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_handbook_names_alerts_and_counters_that_there_are() -> None:
    alerts = {where for where, _ in files.expressions()}
    assert set(re.findall(r"\bBeian[A-Z]\w+", HANDBOOK)) <= alerts
    known = counted() | {name.removesuffix("_count") for name in counted()}
    assert set(re.findall(r"\bbeian_[a-z_]+[a-z]\b", HANDBOOK)) - {"beian_before"} <= known


def test_every_command_of_the_handbook_is_one() -> None:
    program = get_command(app)
    written = re.findall(r"(?:^|`|sudo )beian ([a-z][a-z ]+[a-z])", HANDBOOK, re.MULTILINE)
    assert len(written) > 10
    for words in map(str.split, written):
        at = program
        while isinstance(at, Group) and words:
            assert words[0] in at.commands, words
            at = at.commands[words.pop(0)]


def test_every_file_the_handbook_installs_is_there() -> None:
    made = {"deploy/beian.env", "deploy/beian-scheduler"}  # by the operator, and in the cluster
    named = set(re.findall(r"\bdeploy/[\w@./-]*\w", HANDBOOK)) - made
    assert named
    assert all((ROOT / name).exists() for name in named), named
