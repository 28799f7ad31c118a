"""
What parameters the Bot API's methods take, as aiogram's method models state it, and a check of a call against that.

Importing aiogram costs seconds, so what is needed of it stands in schema.json; ``python -m tests.botapi.schema`` writes
that file anew and a test sees to it that it still says what aiogram says.
"""

import json
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from tests.botapi.refusals import bad_request

FILE = Path(__file__).with_name("schema.json")
Shape = (
    Any  #: "integer" | "number" | "boolean" | "string" | "file" | "anything" | {"list"|"model"|"any of"|"one of": …}
)

METHODS = (
    "AnswerCallbackQuery", "DeleteMessage", "DeleteMyCommands", "DeleteWebhook", "EditMessageCaption",
    "EditMessageReplyMarkup", "EditMessageText", "GetChat", "GetChatMenuButton", "GetMe", "GetMyCommands",
    "GetMyDescription", "GetMyName", "GetMyShortDescription", "GetUpdates", "GetWebhookInfo", "SendChatAction",
    "SetMessageReaction", "CreateForumTopic", "EditForumTopic", "CloseForumTopic", "ReopenForumTopic",
    "DeleteForumTopic",
    "SendDocument", "SendMessage", "SetChatMenuButton", "SetMyCommands", "SetMyDescription", "SetMyShortDescription",
    "SetWebhook",
)  # fmt: skip


@cache
def load() -> Mapping[str, Any]:
    """
    The stored statement.

    ``{"methods": {name: {field: [required, shape]}}, "models": {…}, "others": [names], "message": [fields]}``, the last
    being all that a message may have, its kinds of content among them.
    """
    statement: Mapping[str, Any] = json.loads(FILE.read_text())
    return statement


def check(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call in their own types. Raises Refusal for what Telegram would not take, or not know."""
    return _check_fields(load()["methods"][method], given, method, texts=True)


def _check_fields(fields: Mapping[str, Any], given: Mapping[str, Any], where: str, *, texts: bool) -> dict[str, Any]:
    unknown = set(given) - set(fields)
    if unknown:
        raise bad_request(f"{where} has no field {sorted(unknown)}")
    missing = [name for name, (required, _) in fields.items() if required and given.get(name) is None]
    if missing:
        raise bad_request(f"{where} needs the field {missing}")
    return {
        name: _check(fields[name][1], _decoded(fields[name][1], value) if texts else value, f"{where}.{name}")
        for name, value in given.items()
        if value is not None
    }


def _decoded(shape: Shape, value: Any) -> Any:
    """A parameter's value: clients may send any of them as text that holds JSON."""
    if not isinstance(value, str) or _takes_text(shape):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _takes_text(shape: Shape) -> bool:
    options = shape["any of"] if isinstance(shape, dict) and "any of" in shape else [shape]
    return any(option in ("string", "file") or (isinstance(option, dict) and "one of" in option) for option in options)


def _check(shape: Shape, value: Any, where: str) -> Any:
    """The value, or a refusal when it is not of that shape."""
    if isinstance(shape, str):
        return _check_plain(shape, value, where)
    [(kind, inner)] = shape.items()
    if kind == "list" and isinstance(value, list):
        return [_check(inner, item, f"{where}[{number}]") for number, item in enumerate(value)]
    if kind == "model" and isinstance(value, dict):
        return _check_fields(load()["models"][inner], value, inner, texts=False)
    if kind == "one of" and value in inner:
        return value
    if kind == "any of":
        return _check_options(inner, value, where)
    raise bad_request(f"can't parse {where}: {type(value).__name__} is not {shape}")


def _check_plain(shape: str, value: Any, where: str) -> Any:
    expected: dict[str, tuple[type, ...]] = {
        "integer": (int,), "number": (int, float), "boolean": (bool,), "string": (str,), "file": (str, Upload),
    }  # fmt: skip
    if shape == "anything":
        return value
    if isinstance(value, expected[shape]) and not (isinstance(value, bool) and shape != "boolean"):
        return value
    raise bad_request(f"can't parse {where}: {type(value).__name__} is not {shape}")


def _check_options(options: list[Shape], value: Any, where: str) -> Any:
    refusals = []
    for option in options:
        try:
            return _check(option, value, where)
        except Exception as refusal:
            refusals.append(str(refusal))
    raise bad_request(f"can't parse {where}: " + "; ".join(refusals))


class Upload:
    """A file that came with the call."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content


def make() -> dict[str, Any]:
    """The statement as the installed aiogram gives it. Takes seconds."""
    from aiogram import methods
    from aiogram.enums import ContentType
    from aiogram.types import Message

    models: dict[str, Any] = {}
    wanted = {_wire(name): _fields(getattr(methods, name), models) for name in METHODS}
    others = sorted(_wire(name) for name in methods.__all__ if name not in METHODS and name != "TelegramMethod")
    kinds = {kind.value for kind in ContentType} - {"any", "unknown"}
    message = sorted(kinds | {field.alias or name for name, field in Message.model_fields.items()})
    return {"methods": wanted, "models": dict(sorted(models.items())), "others": others, "message": message}


def _wire(name: str) -> str:
    return name[0].lower() + name[1:]


def _fields(model: Any, models: dict[str, Any]) -> dict[str, Any]:
    return {
        field.alias or name: [field.is_required(), _shape(field.annotation, models)]
        for name, field in model.model_fields.items()
    }


def _shape(annotation: Any, models: dict[str, Any]) -> Shape:
    """One annotation of aiogram's, without what only aiogram knows (its defaults and its file classes)."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__"):
        return _shape(annotation.__origin__, models)
    if origin in (Union, types.UnionType):
        known = [option for option in inner if getattr(option, "__name__", "") not in ("NoneType", "Default")]
        return _any_of([_shape(option, models) for option in known])
    if origin is list:
        return {"list": _shape(inner[0], models)}
    if origin is Literal:
        return {"one of": [getattr(option, "value", option) for option in inner]}
    plain = {int: "integer", float: "number", bool: "boolean", str: "string"}.get(annotation)
    return plain or _class_shape(annotation, models)


def _class_shape(annotation: type, models: dict[str, Any]) -> Shape:
    if annotation.__name__ in ("datetime", "timedelta"):
        return "integer"
    if annotation.__name__ == "InputFile":
        return "file"
    if not hasattr(annotation, "model_fields"):
        return "anything"  # a recursive alias: rich text, which nobody here sends
    if annotation.__name__ not in models:
        models[annotation.__name__] = None
        models[annotation.__name__] = _fields(annotation, models)
    return {"model": annotation.__name__}


def _any_of(options: list[Shape]) -> Shape:
    different = [option for number, option in enumerate(options) if option not in options[:number]]
    return different[0] if len(different) == 1 else {"any of": different}


if __name__ == "__main__":
    FILE.write_text(json.dumps(make(), indent=1) + "\n")
