"""docs/settings.md: what each setting is, made from where they are declared."""

from typing import Any

from app.config import Settings, variable


def documentation() -> str:
    """docs/settings.md, made from the declarations in app/config.py."""
    declared = Settings.model_json_schema()["properties"]
    return "\n".join([
        "# Settings",
        "",
        "Read from the environment when Kith starts. A wrong value stops the start with one line that names it.",
        "This page is made by `make docs` from `app/config.py`.",
        "",
        "| variable | value | default | what it does |",
        "| --- | --- | --- | --- |",
        *(_row(name, declared[name]) for name in Settings.model_fields),
        "",
    ])  # fmt: skip


def _row(name: str, declared: dict[str, Any]) -> str:
    shown = str(declared["default"])
    default = f"`{shown.lower() if declared['type'] == 'boolean' else shown}`" if shown else ""
    description = declared["description"].replace("|", "\\|")
    return f"| `{variable(name)}` | {_kind(declared)} | {default} | {description} |"


def _kind(declared: dict[str, Any]) -> str:
    """What a value must look like, from the JSON Schema of a setting."""
    if "enum" in declared:
        return ", ".join(f"`{choice}`" for choice in declared["enum"])
    if declared["type"] == "boolean":
        return "`true`, `false`"
    if declared["type"] == "string":
        return "text"
    bounds = [
        f"{word} {declared[bound]}"
        for word, bound in (("from", "minimum"), ("over", "exclusiveMinimum"), ("to", "maximum"))
        if bound in declared
    ]
    return " ".join(["number", *bounds])
