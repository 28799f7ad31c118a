"""What a person does by saying it: the acts that messages/<language>/acts/<name>.txt has phrases for."""

from collections.abc import Mapping

ACTS: Mapping[str, str] = {
    "wish": "wants to take part, or to sign somebody up",
    "no_wish": "does not want to sign up, or not yet, but goes on talking",
    "stop": "leaves this sign-up, or this question",
    "change": "wants something of theirs to be different",
    "withdraw": "is signed up and wants out, or wants their details gone",
    "show": "wants to see what they gave, or their reference",
    "status": "wants to know whether it worked, or when they hear something",
    "person": "wants a human, or somebody to be asked",
    "submit": "wants to send what they filled in",
    "finish": "has said all there is to say, and wants no more questions",
    "yes": "a plain yes",
    "no": "a plain no",
    "thanks": "says thank you, or that they were helped",
    "sorry": "apologises",
    "greeting": "greets, or is back",
    "goodbye": "takes leave",
    "wait": "needs a moment, or wants to ask something else first",
    "back": "wants the previous question",
    "skip": "skips this question, does not know, or will not say",
    "why": "asks why something is needed, whether it must be given, or what is meant",
    "menu": "wants the menu, or all topics",
    "resume": "wants to go on with a sign-up they left",
    "restart": "wants to start again",
    "joke_or_insult": "jokes, swears, or is angry with the bot",
    "despair": "is stuck, or does not understand",
}
LANGUAGE = "language"  #: what the names of the acts begin with that say a language: language_<code>
CONSENT = frozenset({"yes", "submit"})  #: what may send something: never where it is asked


def kind_of(act: str) -> str:
    """What an act does, by its name: that of the file, but of a language, which is one kind whichever it is."""
    return LANGUAGE if act.startswith(f"{LANGUAGE}_") else act
