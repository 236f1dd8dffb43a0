"""As much of JSON Schema as the reference schema of outgoing messages uses."""

import re
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
KNOWN = frozenset(
    {
        "$ref", "type", "required", "properties", "enum", "const", "allOf", "anyOf", "oneOf", "if", "then", "else",
        "items", "minItems", "maxItems", "maxLength", "pattern", "description", "default", "format", "title",
        "$schema", "$id", "$comment", "$defs",
    }
)  # fmt: skip


def faults(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """Return what is wrong with a value, or nothing."""
    assert schema.keys() <= KNOWN, schema.keys() - KNOWN
    found: list[str] = []
    if "$ref" in schema:
        found += faults(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root, at)
    if "type" in schema and not any(_is(value, name) for name in _listed(schema["type"])):
        return [f"{at} is no {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at} is not {schema['const']}")
    if isinstance(value, str):
        found += [f"{at} is too long"] if len(value) > schema.get("maxLength", len(value)) else []
        found += [f"{at} does not fit"] if "pattern" in schema and not re.search(schema["pattern"], value) else []
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(f"{at} has {len(value)} items")
        for index, item in enumerate(value):
            found += faults(item, schema.get("items", {}), root, f"{at}[{index}]")
    if isinstance(value, dict):
        found += [f"{at} lacks {key}" for key in schema.get("required", []) if key not in value]
        for key, inner in schema.get("properties", {}).items():
            if key in value:
                found += faults(value[key], inner, root, f"{at}.{key}")
    return found + _combined(value, schema, root, at)


def _combined(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [fault for inner in schema.get("allOf", []) for fault in faults(value, inner, root, at)]
    for key, fitting_max in (("anyOf", None), ("oneOf", 1)):
        if key in schema:
            fitting = sum(not faults(value, inner, root, at) for inner in schema[key])
            found += [] if 1 <= fitting <= (fitting_max or fitting) else [f"{at} fits {fitting} of {key}"]
    if "if" in schema:
        branch = "else" if faults(value, schema["if"], root, at) else "then"
        found += faults(value, schema.get(branch, {}), root, at)
    return found


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _listed(names: Any) -> list[str]:
    return names if isinstance(names, list) else [names]
