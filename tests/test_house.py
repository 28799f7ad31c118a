"""The house keeps its shape: arrows one way, words in messages/, short functions, nothing undocumented or unpinned."""

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.usefixtures("unmeasured")

ROOT = Path(__file__).parent.parent
PROGRAM = ("bot", "storage")
OURS = (*PROGRAM, "tests", "benchmarks", "scripts")

#: The command line and the settings speak English to operators; they alone may have sentences.
MAY_SPEAK = ("bot/cli", "bot/settings", "bot/__main__")
#: Calls whose words only operators and developers read.
TECHNICAL_CALLS = ("log.", "logger.", "structlog.", "re.", "Counter", "Gauge", "Histogram", "Field")
DUTCH = re.compile(
    r"\b(de|het|een|je|jij|jouw|uw|wij|we|niet|voor|van|met|naar|wat|kun|wil|bedoel|graag)\b", re.IGNORECASE
)
TO_A_PERSON = re.compile(r"\b(you|your|please|thanks?|sorry|hello|welcome)\b", re.I)

PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.M)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.ClassDef | Function


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the checkout that git knows, or would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(path for path in (ROOT / name for name in sorted(set(names))) if path.is_file())


@cache
def modules(*folders: str) -> tuple[tuple[str, ast.Module], ...]:
    """Each Python file in these folders, with its syntax tree."""
    paths = [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]
    return tuple((path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())) for path in paths)


def place(path: str, node: ast.stmt | ast.expr, what: str) -> str:
    """A finding as editors can open it."""
    return f"{path}:{node.lineno}: {what}"


def test_arrows_point_one_way() -> None:
    """A developer who imports against the arrows of the house is told so by the tests."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def imported(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every module that a file imports, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node, node.module or ""


def test_the_dialogue_needs_the_standard_library_alone() -> None:
    """What is said, and how much of it, can be read, tested and reused without installing anything."""
    foreign = [
        place(path, node, name)
        for path, tree in modules("bot")
        if path.startswith("bot/dialogue/") or path == "bot/bounds.py"
        for node, name in imported(tree)
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith("bot.dialogue")
        and name != "bot.bounds"
    ]
    assert foreign == []


def test_importing_connects_to_nothing() -> None:
    """Importing any module opens no connection, no database and reads no environment variable of ours."""
    names = [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path, _ in modules(*PROGRAM)]
    wanted = [name for name in names if not name.endswith("__main__") and ".migrations." not in name]
    program = f"""
import importlib, os, sys
def forbid(event, arguments):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"):
        raise SystemExit(f"{{event}} at import")
sys.addaudithook(forbid)
class Environment(type(os.environ)):
    def __getitem__(self, name):
        if name in {settings_names()!r}:
            raise SystemExit(f"{{name}} is read at import")
        return super().__getitem__(name)
os.environ.__class__ = Environment
for name in {wanted!r}:
    importlib.import_module(name)
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_server_starts_without_what_it_never_shows() -> None:
    """The server is ready sooner: it loads no colours for tracebacks; a command that shows tables still has them."""
    program = """
import sys
from bot.running.quick_start import load_libraries
load_libraries()
import bot.running.serving
print([name for name in sys.modules if name.partition(".")[0] in ("rich", "pygments", "openpyxl", "alembic")])
import rich.table
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("[]\n", 0), run.stderr


def test_moments_have_one_form() -> None:
    """Who reads our files, calls and answers finds every moment written alike: by ``bot/dialogue/moments.py``."""
    apart = ("bot/dialogue/moments.py", "bot/channels/telegram/translate.py")  # an id of our own, which nobody reads
    written = [
        place(path, node, "use bot.dialogue.moments.written")
        for path, tree in modules("bot")
        if path not in apart
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "isoformat"
    ]
    assert written == []


def docstrings(tree: ast.Module) -> set[int]:
    """The identities of a file's docstrings, and of other bare strings that explain."""
    bare = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in bare if isinstance(value, ast.Constant)}


def technical(tree: ast.Module) -> set[int]:
    """The identities of all that stands in an error, a log line, a metric's help or a pattern."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        called = isinstance(node, ast.Call) and ast.unparse(node.func).startswith(TECHNICAL_CALLS)
        if called or isinstance(node, ast.Raise | ast.Assert):
            inside |= {id(child) for child in ast.walk(node)}
    return inside


def is_sentence(text: str) -> bool:
    """Whether a person would read this as being spoken to."""
    whole = text.strip()[:1].isupper() or text.strip()[-1:] in ".!?…:"
    words = re.findall(r"[^\W\d_]{2,}", text)
    return whole and len(words) >= 4 and (len(DUTCH.findall(text)) >= 2 or bool(TO_A_PERSON.search(text)))


def test_words_stand_in_messages() -> None:
    """An editor finds every sentence that a person reads in messages/, none in Python."""
    spoken = []
    for path, tree in modules("bot"):
        if path.startswith(MAY_SPEAK):
            continue
        spare = docstrings(tree) | technical(tree)
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in spare]
        spoken += [place(path, node, str(node.value)) for node in texts if is_sentence(str(node.value))]
    assert spoken == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Wat is je naam en organisatie?", True),
        ("Thank you, we have your details.", True),
        ("signup/ask/organisation_type", False),
        ("select one row and lock it", False),
        ("wie wat waar van voor met naar", False),
    ],
)
def test_a_sentence_is_told_from_a_technical_text(text: str, sentence: bool) -> None:
    """The check for words in Python finds what people read, and leaves names and patterns alone."""
    assert is_sentence(text) is sentence


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method of a file."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    docstring = function.body[0] if ast.get_docstring(function) else None
    spare = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - spare


def test_functions_are_short() -> None:
    """A reader sees a function at a glance: 6 lines at the median, 40 at most, but for tables made by migrations."""
    lengths = {
        place(path, node, node.name): length(node) for path, tree in modules(*PROGRAM) for node in functions(tree)
    }
    assert statistics.median(lengths.values()) <= 6
    long = [function for function, lines in lengths.items() if lines > 40]
    assert [function for function in long if "/migrations/versions/" not in function] == []


def test_files_are_short() -> None:
    """No Python file of the program is over 300 lines, and no other over 400."""
    lines = {path.relative_to(ROOT): path.read_text().count("\n") for path in tracked() if path.suffix == ".py"}
    assert {
        path.as_posix() for path, count in lines.items() if count > (300 if path.parts[0] in PROGRAM else 400)
    } == set()


def public(body: list[ast.stmt]) -> Iterator[Documented]:
    """The classes, functions and methods that others may use."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def is_overload(node: Documented) -> bool:
    """Whether this only restates a signature; the function itself carries the docstring."""
    return any("overload" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_what_is_public_says_what_it_gives() -> None:
    """Every module, public class, function and method has a docstring."""
    silent = [path for path, tree in modules(*PROGRAM) if not ast.get_docstring(tree)]
    for path, tree in modules(*PROGRAM):
        nodes = (node for node in public(tree.body) if not is_overload(node))
        silent += [place(path, node, node.name) for node in nodes if not ast.get_docstring(node)]
    assert [line for line in silent if "/migrations/versions/" not in line] == []


def test_every_test_says_what_the_user_gets() -> None:
    """Each test opens with one sentence."""
    silent = [
        place(path, node, node.name)
        for path, tree in modules("tests")
        for node in public(tree.body)
        if node.name.startswith("test_") and not (ast.get_docstring(node) or "").rstrip().endswith((".", "!", "?"))
    ]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    """No file has a mark that says that something must still be done."""
    mark = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")
    paths = [path for path in tracked() if path.suffix in (".py", ".j2", ".md", ".toml", ".js", ".css", ".html", ".sh")]
    assert [str(path) for path in paths if mark.search(path.read_text())] == []


@cache
def settings_names() -> tuple[str, ...]:
    """The name of every setting, as the environment has it."""
    from bot.settings import Settings

    return tuple(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("document", ["README.md", ".env.example"])
def test_every_setting_is_documented(document: str) -> None:
    """An operator finds every setting in the README and in the example file."""
    text = (ROOT / document).read_text()
    assert [name for name in settings_names() if not re.search(rf"\b{name}\b", text)] == []


def test_the_example_file_names_settings_alone() -> None:
    """Whoever copies .env.example sets nothing that does not exist."""
    named = re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert [name for name in named if name.removesuffix("_FILE") not in settings_names()] == []


def test_no_file_names_a_package_registry() -> None:
    """The program installs from whichever registry the machine is set to use."""
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
    ]
    naming = []
    for path in tracked():
        text = path.read_bytes()
        naming += [f"{path.relative_to(ROOT)}: {host}" for host in hosts if host.encode() in text]
    assert naming == []


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_dependencies_are_pinned(lock: str) -> None:
    """Every machine installs the very same files: each requirement has one version and a hash, and no address."""
    lines = (ROOT / "requirements" / f"{lock}.lock").read_text().replace("\\\n", "").splitlines()
    loose = [line for line in lines if not re.match(r"[a-z0-9._-]+(\[.+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)]
    assert loose == []
    assert [line for line in lines if "://" in line] == []


def test_the_locks_have_every_dependency() -> None:
    """A dependency that is added to pyproject.toml without `make lock` is noticed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {"run": project["project"]["dependencies"], "dev": project["dependency-groups"]["dev"]}
    for lock, requirements in wanted.items():
        pinned = (ROOT / "requirements" / f"{lock}.lock").read_text().lower()
        names = [re.split(r"[\[<>=]", requirement)[0] for requirement in requirements]
        assert [name for name in names if not re.search(rf"^{name}(\[.*\])?==", pinned, re.MULTILINE)] == []


def test_what_runs_is_what_was_tested() -> None:
    """The program runs with the very versions that the tests ran with."""
    run, dev = (dict(PINNED.findall((ROOT / "requirements" / f"{lock}.lock").read_text())) for lock in ("run", "dev"))
    assert run
    assert {name: dev.get(name) for name in run} == run


#: where people may install: the oldest Python that is promised and newer ones, Linux and macOS
MACHINES = tuple(
    {"python_version": version, "python_full_version": f"{version}.1", "sys_platform": platform}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for platform in ("linux", "darwin")
)


def demands(name: str, *machines: dict[str, str]) -> list[Requirement]:
    """What an installed package says it needs on any of these machines (none named: on this one), without extras."""
    needs = [Requirement(line) for line in metadata.requires(name) or ()]
    return [
        need
        for need in needs
        if need.marker is None or any(need.marker.evaluate({**machine, "extra": ""}) for machine in machines or ({},))
    ]


@pytest.mark.parametrize("lock", ["run", "dev"])
def test_the_locks_are_whole(lock: str) -> None:
    """A fresh machine installs what the lock names and looks for nothing else: that is enough, and fits together."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    pinned = {canonicalize_name(name) for name, _ in PINNED.findall(text)}
    here = sorted(pinned & installed())
    wanted = [(name, need) for name in here for need in demands(name, *MACHINES)]
    unmet = [
        (name, need) for name in here for need in demands(name) if metadata.version(need.name) not in need.specifier
    ]
    assert wanted
    assert [f"{name} needs {need}" for name, need in wanted if canonicalize_name(need.name) not in pinned] == []
    assert [f"{name} needs {need}" for name, need in unmet] == []


@cache
def installed() -> frozenset[str]:
    """The packages of this environment, by their normal names."""
    return frozenset(canonicalize_name(distribution.name) for distribution in metadata.distributions())


@pytest.mark.parametrize("place", ["Makefile", "Dockerfile", "docs/operations.md"])
def test_an_install_takes_the_locks_as_they_are(place: str) -> None:
    """A release that appears on the registry tomorrow breaks no install: pip is let to choose nothing itself."""
    installs = re.findall(r"(?:pip|\$\(PIP\)) install .*", (ROOT / place).read_text())
    assert installs
    assert [line for line in installs if "--no-deps --require-hashes" not in line] == []
