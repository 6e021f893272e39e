"""The files of deploy/: what they promise, as far as it can be tried without Docker and systemd running."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from b12labs.integrations.server import read_settings
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]
IN_CI = os.environ.get("CI") == "true"


def missing(tool):
    beside = Path(sys.executable).parent / tool
    return shutil.which(tool) is None and not beside.exists()


def run(tool, *arguments):
    beside = Path(sys.executable).parent / tool
    command = [str(beside) if beside.exists() else tool, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(missing("hadolint") and not IN_CI, reason="hadolint: not installed here")
def test_hadolint_finds_nothing_in_the_dockerfile():
    found = run("hadolint", DEPLOY / "Dockerfile")
    assert (found.returncode, found.stdout) == (0, "")


def test_the_image_runs_without_root_and_with_a_health_check():
    """Docker itself is not run by any test."""
    assert re.search(r"^USER 10001:10001$", FINAL, re.MULTILINE)
    assert FINAL.startswith("python:3.13-slim")
    assert "HEALTHCHECK" in FINAL
    assert "pip" not in FINAL
    command = json.loads(re.search(r"^CMD (\[.*\])$", FINAL, re.MULTILINE)[1])
    assert command[command.index("--config") + 1] == "/etc/b12labs/b12labs.toml"


@pytest.mark.skipif(not IN_CI, reason="installs every dependency anew, which takes minutes: in CI")
@pytest.mark.long
def test_what_the_image_installs_serves(tmp_path):
    """The lines of the Dockerfile, in a folder that holds only what it copies."""
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for name in copied.split():
            into = tmp_path / "src_" / name
            into.parent.mkdir(exist_ok=True, parents=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, into)
    place = tmp_path / "opt"
    (steps,) = re.findall(r"^RUN ((?:.*\\\n)*.*pip install.*)$", DOCKERFILE, re.MULTILINE)
    steps = steps.replace("\\\n", " ").replace("/opt/b12labs", str(place)).replace("python -m", f"{sys.executable} -m")
    subprocess.run(["bash", "-euc", steps], check=True, cwd=tmp_path / "src_", timeout=900)
    told = subprocess.run(
        [place / "bin" / "b12labs", "serve"], check=False, capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert "no client is configured" in told.stderr, "the service and all that it imports are installed"


def test_the_settings_are_read_and_name_what_several_workers_share():
    settings = read_settings(DEPLOY / "b12labs.toml")
    assert settings.used_tokens == Path("/var/lib/b12labs/used-tokens.sqlite")
    assert settings.records.file == Path("/var/lib/b12labs/decisions.ndjson")
    assert not settings.docs
    assert not settings.demo


def test_compose_gives_the_service_nothing_to_write_but_its_state_and_no_port_of_its_own():
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    own, front = services["b12labs"], services["nginx"]
    assert own["read_only"]
    assert own["cap_drop"] == ["ALL"]
    assert "ports" not in own
    assert own["networks"] == ["inside"]
    assert [volume for volume in own["volumes"] if not volume.endswith(":ro")] == ["state:/var/lib/b12labs"]
    assert front["ports"] == ["443:443"]
    assert front["read_only"]


@pytest.mark.skipif(missing("systemd-analyze"), reason="systemd-analyze: not installed here")
def test_the_unit_is_hardened():
    found = run("systemd-analyze", "security", "--offline=true", "--threshold=15", DEPLOY / "b12labs.service")
    assert found.returncode == 0, found.stdout[-300:]


def test_every_file_is_named_in_the_documentation():
    text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert [path.name for path in DEPLOY.iterdir() if f"`{path.name}`" not in text] == []
