"""The course "AI voor raadsleden", made as an organiser would: from new-course, with the files beside this one."""

import atexit
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.wording.newcourse import make_course
from tests.form import FORM

HERE = Path(__file__).parent
OF_THE_FIELDS = ("fields", "examples", "options", *FORM.by_name)  #: sections of labels and spellings


@cache
def councillors() -> Path:
    """The messages folder: one evening, four dates to choose from, a fixed price, no organisation."""
    home = tempfile.mkdtemp(prefix="councillors-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = Path(home) / "messages"
    make_course(folder, ["nl"])
    before, *_, last = (folder / "course.toml").read_text("utf-8").split("[[fields]]\n")
    course = f"{before}{(HERE / 'fields.toml').read_text('utf-8')}{last[last.index('# Het menu') :]}"
    (folder / "course.toml").write_text(course, encoding="utf-8")
    shutil.copy(HERE / "facts.toml", folder)
    shutil.rmtree(folder / "nl/signup/ask")
    for path in (folder / "nl/signup/why").glob("*.html"):
        if path.stem != "review":
            path.unlink()
    shutil.copytree(HERE / "nl/signup", folder / "nl/signup", dirs_exist_ok=True)
    for name in ("labels.toml", "spellings.toml"):
        kept = _without_fields((folder / "nl" / name).read_text("utf-8"))
        (folder / "nl" / name).write_text(kept + (HERE / "nl" / name).read_text("utf-8"), encoding="utf-8")
    return folder


def _without_fields(text: str) -> str:
    """A TOML file without what it says of fields and their options."""
    parts = re.split(r"(?m)^(?=\[)", text)
    return "".join(part for part in parts if re.match(r"\[?([a-z_]*)", part)[1] not in OF_THE_FIELDS)  # type: ignore[index]
