"""The container image and the compose file, as far as they can be tried without a container engine."""

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("unmeasured")

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
COMPOSE = (ROOT / "compose.yaml").read_text()


def instructions(kind: str) -> list[str]:
    """What follows each instruction of this kind in the Dockerfile."""
    return re.findall(rf"^\s*{kind} (.*)$", DOCKERFILE, re.MULTILINE)


def environment() -> dict[str, str]:
    """The environment that the image sets, without its PATH."""
    pairs = (pair.split("=", 1) for line in instructions("ENV") for pair in line.split())
    return {name: value for name, value in pairs if name != "PATH"}


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A folder with just the files that the Dockerfile copies."""
    for source, target in (line.split() for line in instructions("COPY") if "--from" not in line):
        place = tmp_path / "app" / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    return tmp_path / "app"


def run(image: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """The outcome of a command in the image's folder, with the image's environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME") or name.startswith("COV")}
    return subprocess.run(command, cwd=image, env=kept | environment(), capture_output=True, text=True, check=False)


def test_the_image_has_all_the_program_needs(image: Path) -> None:
    """An operator's container finds code, migrations and messages: what is copied can make its tables."""
    migrated = run(image, sys.executable, "-m", "bot", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert (image / "data" / "bot.db").is_file()


def test_only_what_is_named_goes_into_the_image() -> None:
    """No .env, data, key or secret of the machine that builds can end up in a layer."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    allowed = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = {line.split()[0] for line in instructions("COPY") if "--from" not in line}
    assert lines[0] == "*"
    assert copied == allowed


def test_the_program_has_no_rights_in_the_container() -> None:
    """Who breaks into the program is not root, and can write data only."""
    assert instructions("USER") == ["10001:10001"]
    assert instructions("VOLUME") == ["/app/data"]
    assert all(wanted in COMPOSE for wanted in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"))


class Alive(http.server.BaseHTTPRequestHandler):
    """Answers as the program's /healthz does."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives it
        pass


@pytest.fixture
def alive() -> Iterator[int]:
    """The port of a server that is alive."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Alive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def health_check(port: int) -> int:
    """The exit code of the image's own health check."""
    check = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    command = [sys.executable, *check[1:]]
    return subprocess.run(command, env={"HTTP_PORT": str(port)}, capture_output=True, check=False).returncode


def test_the_health_check_tells_alive_from_dead(alive: int) -> None:
    """The container engine starts a bot anew that no longer answers, and leaves one that does."""
    assert health_check(alive) == 0
    assert health_check(1) != 0


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """The folder that scripts/secrets.sh makes."""
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(ROOT / "scripts" / "secrets.sh", tmp_path / "scripts")
    for _ in range(2):
        subprocess.run([script], check=True, capture_output=True)
        (tmp_path / "secrets" / "mail_url").write_text("smtp://bot:word@mail.example.nl")
    return tmp_path / "secrets"


def test_compose_starts_with_the_secrets_that_the_script_makes(secrets: Path) -> None:
    """Right after scripts/secrets.sh the settings of the compose file are right, and a second run keeps them."""
    from bot.settings import load_settings

    names = re.findall(r"^      ([A-Z_]+_FILE): /run/secrets/(\w+)$", COMPOSE, re.MULTILINE)
    given = {name: str(secrets / file) for name, file in names if not name.startswith("POSTGRES")}
    settings = load_settings({"MAIL_FROM": "", **environment(), **given}, env_file=None)
    assert settings.database_kind == "postgresql"
    assert settings.mail_kind == "smtp"
    assert len(settings.data_keys) == 1
    assert not settings.telegram_on


def test_only_the_owner_reaches_the_secrets(secrets: Path) -> None:
    """Other users of the machine cannot open the folder with the secrets."""
    assert secrets.stat().st_mode & 0o077 == 0


def test_compose_knows_every_setting() -> None:
    """Whoever sets something in .env gets it in the container too."""
    from bot.settings import Settings

    fixed_by_the_image = {"HTTP_HOST", "HTTP_PORT", "MESSAGES_DIR", "LOG_FORMAT"}
    names = {name.upper() for name in Settings.model_fields} - fixed_by_the_image
    assert {name for name in names if not re.search(rf"^      {name}(_FILE)?:", COMPOSE, re.MULTILINE)} == set()
