"""The page's scripts and its styles, each joined to one file without its comments: few requests, and no build step."""

import re
from pathlib import Path

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) (\w+))", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)\n|^\n", re.MULTILINE | re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


def joined_scripts(folder: Path, main: str) -> str:
    """
    The module ``main`` with all that it imports, as one script. Each module is a function of its own, which gives what
    it exports: names of one are no names of another. They must not import each other in a circle.
    """
    return "".join(_wrapped(name, (folder / f"{name}.js").read_text("utf-8")) for name in _in_order(folder, main))


def joined_styles(folder: Path, names: tuple[str, ...]) -> str:
    """These stylesheets in this order, as one."""
    return "".join(_bare((folder / f"{name}.css").read_text("utf-8")) for name in names)


def _in_order(folder: Path, main: str) -> list[str]:
    """The modules, each behind what it imports. Raises RecursionError where they import each other in a circle."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        for _, imported in _IMPORT.findall((folder / f"{name}.js").read_text("utf-8")):
            if imported not in order:
                visit(imported)
        order[name] = None

    visit(main)
    return list(order)


def _bare(source: str) -> str:
    """The source without comments and indentation; no text of ours goes on over the end of a line."""
    return _INDENT.sub("", _COMMENT.sub("", source))


def _wrapped(name: str, source: str) -> str:
    """A module as a function that is called once."""
    body = _EXPORT.sub("", _IMPORT.sub(r"const \1 = $\2;\n", _bare(source)))
    exported = ", ".join(_EXPORTED.findall(source))
    return f"const ${name} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"
