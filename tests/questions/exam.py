"""The exam: questions written before anything was tuned, and never trained on."""

from dataclasses import dataclass
from pathlib import Path

from bot.questions import Matcher
from bot.questions.weights import Figures


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question of the exam, and the topics that are right; "oos" for none."""

    topics: frozenset[str]
    text: str


def read_exam(language: str, name: str = "exam") -> list[Asked]:
    """Give the exam of a language, or other questions of the same form."""
    lines = (Path(__file__).parent / f"{name}_{language}.tsv").read_text(encoding="utf-8").splitlines()
    fields = [line.split("\t") for line in lines]
    return [Asked(topics=frozenset(topics.split("|")), text=text) for topics, text in fields]


def take_exam(matcher: Matcher, language: str, name: str = "exam") -> Figures:
    """Ask everything, and count as the project does: the first topic answered, else those offered."""
    exam = read_exam(language, name)
    found = [(asked.topics, matcher.match(asked.text, language)) for asked in exam]
    inside = [(right, match) for right, match in found if "oos" not in right]
    outside = [match for right, match in found if "oos" in right]
    good = sum(bool(match.topics) and match.topics[0] in right for right, match in inside)
    offered = sum(not match.topics and bool(right & set(match.suggestions)) for right, match in inside)
    return Figures(
        right=good / len(inside),
        wrong=(sum(bool(match.topics) for _, match in inside) - good) / len(inside),
        buttons=(good + offered) / len(inside),
        outside=sum(not match.topics for match in outside) / len(outside),
    )


def read_turns(language: str) -> list[tuple[frozenset[str], str]]:
    """Give the blind turns of a language, each with the acts that are right; none where it is no act."""
    lines = (Path(__file__).parent / f"acts_{language}.tsv").read_text(encoding="utf-8").splitlines()
    fields = [line.split("\t") for line in lines]
    return [(frozenset(right.split("|")) - {"-"}, text) for right, text in fields]
