"""Writes docs/conversation.md: the table and the diagram of the conversation, from bot/dialogue/transitions.py."""

from collections import defaultdict
from pathlib import Path

from bot.dialogue.intents import Name
from bot.dialogue.records import State
from bot.dialogue.transitions import AGAIN, ANYWHERE, IN_STATE, RESTING, Rule, rule_for

TARGET = Path(__file__).parent.parent / "docs" / "conversation.md"
STATES = {
    State.IDLE: "nothing is being asked",
    State.ASK: "a sign-up question is open",
    State.EMAIL: "the e-mail address looks mistyped",
    State.REVIEW: "everything is shown: send or change",
    State.CANCEL: "stop the sign-up?",
    State.RESUME: "an unfinished sign-up was found",
    State.ANOTHER: "there is an earlier lead",
    State.REPHRASE: "the question is asked once more",
    State.CONTACT: "which question to pass on?",
    State.FORWARD: "pass this question on?",
    State.FORGET: "remove everything?",
}
#: what a person does in a state to go on; all else is a side step that comes back
MAIN: dict[State, tuple[Name, ...]] = {
    State.IDLE: (Name.START, Name.SIGN_UP, Name.RESUME, Name.REPHRASE, Name.CONTACT, Name.FORGET, Name.EDIT_LEAD),
    State.REPHRASE: (Name.QUESTION,),
    State.ASK: (Name.ANSWER, Name.SKIP, Name.BACK, Name.CANCEL, Name.MENU, Name.START),
    State.EMAIL: (Name.KEEP_EMAIL, Name.FIX_EMAIL, Name.ANSWER),
    State.REVIEW: (Name.SUBMIT, Name.EDIT, Name.MORE, Name.CANCEL),
    State.CANCEL: (Name.CONFIRM_CANCEL, Name.NO),
    State.RESUME: (Name.RESUME, Name.RESTART, Name.CANCEL),
    State.ANOTHER: (Name.ANOTHER, Name.SHOW_LEAD, Name.EDIT_LEAD),
    State.CONTACT: (Name.CONTACT_QUESTION, Name.NO_CONTACT),
    State.FORWARD: (Name.FORWARD, Name.REPLY_ADDRESS, Name.NO_CONTACT),
    State.FORGET: (Name.CONFIRM_FORGET, Name.NO),
}


def document() -> str:
    """The whole page, as Markdown with a Mermaid diagram."""
    return "\n".join(
        [
            "# The whole conversation",
            "",
            "Made from `bot/dialogue/transitions.py` by `python -m scripts.conversation_diagram`.",
            "",
            "## The diagram",
            "",
            "The main roads. `back` is the state that the sign-up under way asks for (ask, email or review), or idle.",
            "From every state a question, a topic, the language, privacy and the like are answered too, and then",
            "the conversation goes `back` (see the table).",
            "",
            "```mermaid",
            *diagram(),
            "```",
            "",
            "## The states",
            "",
            *(f"- `{state}`: {meaning}" for state, meaning in STATES.items()),
            "",
            "## The table",
            "",
            "*same*: the conversation stays where it is. The rule is the function that answers, with its first words.",
            "",
            "| state | intent | rule | leads to |",
            "|---|---|---|---|",
            *table(),
            "",
        ]
    )


def diagram() -> list[str]:
    """The main roads as a Mermaid state diagram."""
    roads: dict[tuple[str, str], list[str]] = defaultdict(list)
    for state, names in MAIN.items():
        for name in names:
            for target in _targets(rule_for(state, name)):
                roads[str(state), target].append(str(name))
    return [
        "stateDiagram-v2",
        "    [*] --> idle",
        *(f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in roads.items()),
    ]


def _targets(rule: Rule) -> list[str]:
    """Where a rule leads, with one name for all the states in which a conversation rests."""
    if rule.to >= RESTING:
        return sorted({"back", *map(str, rule.to - RESTING)})
    return sorted(map(str, rule.to))


def table() -> list[str]:
    """Every rule, the ones of all states first."""
    everywhere = [_row("any", name, rule) for name, rule in ANYWHERE.items()]
    own = [_row(str(state), name, rule) for state, rules in IN_STATE.items() for name, rule in rules.items()]
    rest = _row("any", "anything else", AGAIN)
    return [*everywhere, *own, rest]


def _row(state: str, name: str, rule: Rule) -> str:
    says = (rule.handler.__doc__ or "").split("\n", 1)[0]
    targets = [str(target) for target in sorted(rule.to)] + (["*same*"] if rule.stays else [])
    module = rule.handler.__module__.removeprefix("bot.dialogue.")
    return f"| {state} | {name} | `{module}.{rule.handler.__name__}`: {says} | {', '.join(targets)} |"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
