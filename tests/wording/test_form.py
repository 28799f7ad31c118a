"""What an organiser writes about the fields of a sign-up in course.toml, and what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.fields import Field, Kind, Role
from bot.wording.check.report import Report
from bot.wording.form import check_form, form_of
from bot.wording.tables import Table

EMAIL = '[[fields]]\nid = "mailbox"\nkind = "email"\nrequired = true\n'
FACTS = {
    "evenings": [date(2027, 3, 4), date(2027, 3, 11)],
    "rooms": ["Zaal 1", "De Hal"],
    "later": None,
    "price": "€ 5",
}


def table(tmp_path: Path, fields: str) -> Table:
    (tmp_path / "course.toml").write_text(fields, encoding="utf-8")
    return Table(tmp_path, "course.toml")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ('id = "Naam"\nkind = "text"', "'Naam' cannot be a field's id"),
        ('id = "skip"\nkind = "text"', "'skip' cannot be a field's id"),
        ('id = "reference"\nkind = "text"', "'reference' cannot be a field's id"),
        ('id = "mailbox"\nkind = "text"', "there are two fields mailbox"),
        ('id = "who"\nkind = "text"\nrole = "naam"', "nobody reads role naam; these are: name, email"),
        ('id = "who"\nkind = "tekst"', "nobody reads kind tekst; these are: text"),
        ('id = "who"\nkind = "text"\nlabel = "Naam"', "nobody reads label; these are: id"),
        ('id = "other_mailbox"\nkind = "email"', "one field can be the email; other_mailbox is the second"),
        ('id = "one"\nkind = "choice"', 'one: options belong to kind = "choice"'),
        ('id = "one"\nkind = "text"\noptions = ["a"]', 'one: options belong to kind = "choice"'),
        ('id = "one"\nkind = "choice"\noptions = []', "one has no options"),
        (
            'id = "which_of_these_evenings_is_it"\nkind = "choice"\noptions = ["the_first_of_the_four_evenings"]',
            "which_of_these_evenings_is_it and its option the_first",
        ),
        ('id = "one"\nkind = "choice"\noptions = ["Ja"]', "'Ja' cannot be an option"),
        ('id = "one"\nkind = "choice"\noptions = ["a", "a"]', "one has two options that are alike"),
        ('id = "one"\nkind = "choice"\noptions = ["a"]\nevery = "b"', "one: every = 'b' is none of its options"),
        (
            'id = "one"\nkind = "choice"\noptions = "evening"',
            "the options of one are those of evening, which is no fact",
        ),
        ('id = "one"\nkind = "choice"\noptions = "price"', "the options of one are those of price, which is no list"),
        ('id = "age"\nkind = "text"\ngroup = "participants"', "age: a number of people has group"),
        ('id = "age"\nkind = "number"\nleast = 9\nmost = 2', "age: least is more than most"),
        ('id = "why"\nkind = "text"\nlimit = 5000', "why: limit is a number of characters, at most 2000"),
    ],
)
def test_what_is_wrong_with_a_field_is_named(tmp_path: Path, field: str, wrong: str) -> None:
    """Whoever makes a slip reads it, at the line of the field, in Dutch too."""
    fields = table(tmp_path, f"{EMAIL}[[fields]]\n{field}\n")
    check_form(fields, FACTS)
    found = [problem for problem in fields.problems if problem.text.startswith(wrong)]
    assert [problem.line for problem in found] == [5], fields.problems
    assert Report(tmp_path, "nl").said(found[0].text) != found[0].text


def test_an_address_is_always_asked_for(tmp_path: Path) -> None:
    """Without it nobody could be written to."""
    fields = table(tmp_path, EMAIL.replace("true", "false"))
    check_form(fields, FACTS)
    assert [problem.text for problem in fields.problems] == [
        'a sign-up needs a field with kind = "email" and required = true'
    ]


def test_options_come_from_facts(tmp_path: Path) -> None:
    """Dates and rooms that are facts are what there is to choose from; what is not known yet is not asked."""
    choices = "".join(
        f'[[fields]]\nid = "{name}"\nkind = "choice"\noptions = "{fact}"\n'
        for name, fact in (("evening", "evenings"), ("room", "rooms"), ("hour", "later"))
    )
    fields = table(tmp_path, choices + EMAIL)
    form = form_of(fields, FACTS, (1, 999))
    check_form(fields, FACTS)
    assert fields.problems == []
    assert [(field.name, field.options) for field in form.fields] == [
        ("evening", ("2027-03-04", "2027-03-11")),
        ("room", ("zaal_1", "de_hal")),
        ("mailbox", ()),
    ]
    assert form.fields[-1] == Field(name="mailbox", kind=Kind.EMAIL, role=Role.EMAIL, required=True)
