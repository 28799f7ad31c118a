"""What `python -m bot ask` says of one question."""

from bot.questions.matcher import Matcher


def ask_line(matcher: Matcher, question: str, language: str) -> dict[str, object]:
    """Give the JSON object for one question: what would be answered, else what would be offered."""
    match = matcher.match(question, language)
    return {
        "question": question,
        "language": match.language or language,
        "topic": match.topics[0] if match.topics else None,
        "topics": list(match.topics),
        "suggestions": list(match.suggestions),
        "score": round(match.score, 4),
    }
