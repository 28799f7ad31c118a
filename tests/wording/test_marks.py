"""The pictures of a course: what page, button and mails show of them, and what the check says of one that is none."""

import re
from pathlib import Path

import pytest

from bot.loading import load_wording
from bot.settings import load_settings
from bot.wording import Wording
from bot.wording.catalogue import Catalogue
from bot.wording.marks import MARKS
from bot.wording.newcourse import make_course
from tests.channels.web.fakes import FakeDesk
from tests.channels.web.server import serving, visitor
from tests.wording.conftest import SETTINGS, Broken

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0h4v1z" fill="#fff"/></svg>'


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("logo.svg", None, "there is no file logo.svg"),
        ("../logo.svg", LOGO, "logo is a file beside page.toml"),
        ("logo.gif", "GIF89a", "whose name ends in .svg or .png"),
        ("logo.svg", "<html></html>", "is no picture of the kind"),
        ("logo.png", LOGO, "is no picture of the kind"),
        ("logo.svg", LOGO.replace("/>", "/><script>alert(1)</script>"), "has a script in it"),
        ("logo.svg", LOGO.replace("<path", "<path onload='x()'"), "has a script in it"),
        ("logo.svg", LOGO + " " * 8_000, "is what a page loads quickly"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named(broken: Broken, name: str, content: str | None, says: str) -> None:
    """An editor is told of a picture that is missing, of another kind, too large or no mere drawing, by its line."""
    broken.replace("page.toml", '# logo = "logo.svg"', f'logo = "{name}"')
    if content is not None and "/" not in name:
        (broken.folder / name).write_text(content)
    (found,) = [line for line in broken.found() if line.startswith("page.toml")]
    assert says in found


async def test_a_logo_stands_in_the_head_of_the_page(broken: Broken) -> None:
    """A course's logo stands where its organisers' names did, which are heard; its colours reach button and mails."""
    broken.replace("page.toml", '# logo = "logo.svg"', 'logo = "logo.svg"')
    broken.replace("page.toml", '"#0c4a43"', '"#123456"')
    (broken.folder / "logo.svg").write_text(LOGO)
    wording = Wording(Catalogue(broken.folder, SETTINGS))
    async with serving(FakeDesk(), wording=wording) as site, visitor(site) as client:
        page = (await client.get("/")).text
        (logo,) = re.findall(r'<img class="logo" src="([^"]+)" alt="([^"]+)">', page)
        assert (await client.get(logo[0])).text == LOGO
        assert logo[1] == wording.page("nl")["by"]
        assert 'class="by"' not in page
        assert "#123456" in (await client.get("/widget.js")).text
    mail = wording.mail("mail/lead_forgotten", "nl", {"reference": "K7"}).html
    assert "background:#123456" in mail
    assert wording.page("nl")["by"] in mail


async def test_a_course_without_pictures_has_a_neutral_one(tmp_path: Path) -> None:
    """A new course names no picture of another, and its page shows a speech bubble."""
    make_course(tmp_path / "course", ("nl",))
    wording = load_wording(load_settings({"MESSAGES_DIR": str(tmp_path / "course")}, None))
    assert not wording.marks
    assert not [name for name in ("icon.svg", "icon.png", "card.png") if (tmp_path / "course" / name).exists()]
    async with serving(FakeDesk(), wording=wording, languages=("nl",)) as site, visitor(site) as client:
        page = (await client.get("/")).text
        (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', page)
        assert "<svg" in (await client.get(icon)).text
    assert "og:image" not in page
    assert "apple-touch-icon" not in page
    assert set(MARKS) >= {"icon", "logo"}
