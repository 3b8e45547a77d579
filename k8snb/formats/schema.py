"""The JSON Schema of `k8snb/assessment/v1`; `python -m k8snb.formats.schema` writes the file that lies beside."""

from inspect import cleandoc
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("assessment.schema.json")


def schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of `Assessment.to_json`, made from the types that are written."""
    import msgspec

    from k8snb.assessment.result import SCHEMA, Record

    made = msgspec.json.schema(Record)
    for one in made["$defs"].values():  # Python 3.13 takes the indentation out itself
        if "description" in one:
            one["description"] = cleandoc(one["description"])
    made["$defs"]["Record"]["properties"]["schema"] = {"const": SCHEMA}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA} | made


def text() -> bytes:
    """Give the same as a file's content."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(schema(), order="deterministic"), indent=2) + b"\n"


if __name__ == "__main__":
    FILE.write_bytes(text())
