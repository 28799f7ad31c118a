"""What operators deploy is tight: what compose, unit and image allow, and what the program leaves alone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "compose.yaml").read_text()
DIGEST = "sha256:" + "0123456789abcdef" * 4


def service(name: str) -> str:
    """What compose.yaml says of one service."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert found
    return found[1]


def setting(name: str, key: str) -> str:
    """What stands behind a key of a service, on its line."""
    (value,) = re.findall(rf"^    {key}: (.*)$", service(name), re.MULTILINE)
    return str(value)


def unit() -> list[str]:
    """The lines of the systemd unit in the operators' guide."""
    found = re.search(r"```ini\n(\[Unit\].*?)```", (ROOT / "docs" / "operations.md").read_text(), re.DOTALL)
    assert found
    return found[1].splitlines()


@pytest.mark.parametrize("name", ["bot", "db"])
def test_a_container_has_its_bounds(name: str) -> None:
    """Memory, processes and logs end somewhere, nothing but its data can be written, and no right can be gained."""
    assert re.fullmatch(r"\d+m", setting(name, "mem_limit"))
    assert int(setting(name, "pids_limit")) <= 256
    assert setting(name, "logging") == "*bounded" or re.search(
        "&bounded .*max-size.*max-file", setting(name, "logging")
    )
    assert setting(name, "read_only") == "true"
    assert all("size=" in place for place in setting(name, "tmpfs").split('", "'))
    assert (setting(name, "cap_drop"), setting(name, "security_opt")) == ("[ALL]", '["no-new-privileges:true"]')


def test_the_bot_has_files_for_its_connections() -> None:
    """In a container and as a service it may open as many files as its own bounds on connections need."""
    (limit,) = (line.partition("=")[2] for line in unit() if line.startswith("LimitNOFILE="))
    assert f"nofile: {{soft: {limit}, hard: {limit}}}" in setting("bot", "ulimits")
    assert int(limit) > 4096
    assert "cap_add" not in service("bot")


def test_the_unit_has_its_bounds() -> None:
    """As a service: memory, tasks, swap; nothing but its own folder is written; no right, device or kernel setting."""
    lines = unit()
    for name in ("MemoryMax", "MemoryHigh", "TasksMax", "LimitNOFILE"):
        assert any(line.startswith(f"{name}=") for line in lines), name
    for line in (
        "ProtectSystem=strict", "ProtectHome=yes", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "UMask=0077",
        "RestrictNamespaces=yes", "LockPersonality=yes", "SystemCallArchitectures=native", "PrivateDevices=yes",
        "ProtectKernelTunables=yes", "SystemCallFilter=~@privileged", "RestartPreventExitStatus=2",
    ):  # fmt: skip
        assert line in lines, line


def test_another_course_is_mounted() -> None:
    """MESSAGES_DIR on the host is what the bot in the container says, read-only; a missing one is told, not made."""
    assert """
      - type: bind
        source: ${MESSAGES_DIR:-./messages}
        target: /app/messages
        read_only: true
        bind: {create_host_path: false}
""" in service("bot")
    assert "MESSAGES_DIR:" not in service("bot").replace("${MESSAGES_DIR:-./messages}", "")


def test_a_messages_folder_is_only_read(tmp_path: Path) -> None:
    """A course on a disk that cannot be written works: checking, talking and asking leave nothing in its folder."""
    folder = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "another_course" / "messages", folder)
    before = seen(folder)
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "MESSAGES_DIR": str(folder)}
    for command in ("check", "chat"):
        words = [sys.executable, "-m", "bot", command]
        done = subprocess.run(
            words, cwd=tmp_path, env=env, input="hallo\n", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert seen(folder) == before


def seen(folder: Path) -> dict[Path, int]:
    """Every file and folder, with when it changed."""
    return {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}


def test_images_are_pinned_by_whoever_builds(tmp_path: Path) -> None:
    """scripts/pin_images.sh writes what the tags are today into .env, once each, and leaves the rest as it was."""
    for name in ("compose.yaml", "scripts/pin_images.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    env = {"PATH": f"{docker.parent}:{os.environ['PATH']}"}
    (tmp_path / ".env").write_text("LOG_LEVEL=info\nPYTHON_IMAGE=old\n")
    for answer, code in ((f"echo {DIGEST}", 0), (f"echo {DIGEST}", 0), ("echo unauthorized", 1), ("exit 1", 1)):
        docker.write_text(f"#!/bin/sh\n{answer}\n")
        docker.chmod(0o755)
        pinned = subprocess.run([tmp_path / "scripts" / "pin_images.sh"], env=env, capture_output=True, check=False)
        assert pinned.returncode == code, pinned.stderr
    assert (tmp_path / ".env").read_text().splitlines() == [
        "LOG_LEVEL=info",
        f"PYTHON_IMAGE=python:3.11-slim-bookworm@{DIGEST}",
        f"POSTGRES_IMAGE=postgres:17-bookworm@{DIGEST}",
    ]


def test_every_stage_of_the_image_is_built_on_the_one_that_is_pinned() -> None:
    """The Dockerfile's image and the compose file's are one, and no stage takes another."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    (default,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", dockerfile, re.MULTILINE)
    assert re.fullmatch(r"python:3\.11-slim-bookworm@sha256:[0-9a-f]{64}", default)
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${PYTHON_IMAGE}"}
    assert f'args: {{PYTHON_IMAGE: "${{PYTHON_IMAGE:-{default}}}"}}' in service("bot")
    assert re.fullmatch(r"\$\{POSTGRES_IMAGE:-postgres:17-bookworm@sha256:[0-9a-f]{64}\}", setting("db", "image"))
