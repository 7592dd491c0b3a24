"""Whatever is sent to any address of the description, by anybody: an answer of the one error shape at worst, never a 500."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.blinding import make_world

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "reader", "lead", "client", "superuser", "everything")
# odd in every way that a JSON value, a query or a header can be
ODD: list[Any] = [
    None, True, 0, -1, 2**70, 1.5, 1e308, "", " ", "0", "null", "'; --", "\u0000", "\ud7ff𝔸أ", "../../etc/passwd",
    "%00%ff", "x" * 5000, "2026-13-45", [], [[]], [None] * 3, {}, {"": None}, {"a": {"b": []}}, "NaN", "AAAA",
]  # fmt: skip
ROUNDS = 3


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return [
        (path, method, what)
        for path, methods in sorted(paths.items())
        for method, what in methods.items()
        if path != "/api/v1/schema/"
    ]


def components() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True)["components"]["schemas"])


class Maker:
    """Values near a schema: mostly as described, now and then odd."""

    def __init__(self, seed: str, known: dict[str, Any]) -> None:
        self.chance, self.known = random.Random(seed), known

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if self.chance.random() < 0.25 or depth > 4:
            return self.chance.choice(ODD)
        if "$ref" in schema:
            return self.value(self.known[schema["$ref"].rsplit("/", 1)[1]], depth)
        for key in ("allOf", "oneOf", "anyOf"):
            if schema.get(key):
                return self.value(self.chance.choice(schema[key]), depth)
        if schema.get("enum"):
            return self.chance.choice(schema["enum"])
        return self._typed(schema, depth)

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type")
        if kind == "object":
            parts = schema.get("properties") or {"max_diameter_mm": {}, "necrosis": {}}
            return {name: self.value(part, depth + 1) for name, part in parts.items() if self.chance.random() < 0.9}
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(self.chance.randrange(3))]
        if kind == "integer":
            return self.chance.choice([0, 1, 50, 101, -(2**31), 2**31, 2**63])
        if kind == "number":
            return self.chance.choice([0.0, 0.95, -1.5, 1e9])
        if kind == "boolean":
            return self.chance.random() < 0.5
        return self.chance.choice(["benign", "lymphus", "w1", "draft", "é", ""])


def ids(world: Any) -> dict[str, list[str]]:
    """What stands in the paths, by the name of the resource before it."""
    kwargs = world.kwargs
    return {
        "assignments": [kwargs["assignment"]["public_id"], world.submitted.public_id, world.locked.public_id],
        "studies": [kwargs["study"]["public_id"], world.other_study.public_id],
        "datasets": [kwargs["dataset"]["slug"]],
        "versions": [kwargs["version"]["public_id"]],
        "cases": [kwargs["case"]["public_id"]],
        "images": [kwargs["image"]["public_id"]],
        "masks": [kwargs["mask"]["public_id"]],
        "reference-readings": [kwargs["reference"]["public_id"]],
        "features": ["lymphus-1.0"],
        "readings": [kwargs["reading"]["reading"]],
    }


def address(maker: Maker, path: str, known: dict[str, list[str]]) -> str:
    def fill(match: re.Match[str]) -> str:
        real = known.get(match[1], [])
        odd = ["NOSUCH", "0", "x" * 300, "%00", "%F0%9D%94%B8", "..%2f"]
        return f"{match[1]}/{maker.chance.choice(real * 6 + odd)}/"

    return re.sub(r"([\w-]+)/\{\w+\}/", fill, path)


def send(client: Any, maker: Maker, path: str, method: str, what: dict[str, Any]) -> Any:
    query = {
        p["name"]: maker.chance.choice([*ODD, "1", "2", "open", "locked"])
        for p in what.get("parameters", [])
        if p["in"] == "query" and maker.chance.random() < 0.5
    }
    query = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    headers = {"If-Match": maker.chance.choice(['"0"', '"1"', '"2"', "*", "W/x", "9" * 30, ""])}
    if maker.chance.random() < 0.3:
        headers["Idempotency-Key"] = maker.chance.choice(["k1", "", "x" * 300, "a b"])
    if method == "get":
        return client.get(path, query, headers=headers)
    schema = (
        what.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {"type": "object"})
    )
    body = json.dumps(maker.value(schema), ensure_ascii=False)
    if maker.chance.random() < 0.05:
        body = maker.chance.choice(["{", "", "[1,", "NaN", '{"a": Infinity}'])
    return client.generic(method.upper(), path, body.encode(), content_type="application/json", headers=headers)


def test_no_request_to_any_address_by_anybody_is_a_500():
    world = make_world()
    known, schemas, found = ids(world), components(), []
    clients = {role: world.client(role) for role in ROLES}
    counts: dict[int, int] = {}
    for path, method, what in operations():
        for role, client in clients.items():
            client.raise_request_exception = False
            for turn in range(ROUNDS):
                maker = Maker(f"{path} {method} {role} {turn}", schemas)
                url = address(maker, path, known)
                response = send(client, maker, url, method, what)
                counts[response.status_code] = counts.get(response.status_code, 0) + 1
                found += faults(response, f"{role} {method} {url} #{turn}")
    assert found == []
    # it has reached the verbs, not only their doors
    assert counts[200] > 30 and counts[400] > 10 and counts[401] > 30 and counts[404] > 100


def faults(response: Any, said: str) -> list[str]:
    if response.status_code >= 500:
        return [f"{said}: {response.status_code} {getattr(response, 'exc_info', ('',) * 2)[1]!r}"]
    if response.status_code >= 400 and not {"code", "detail"} <= set(response.json()):
        return [f"{said}: {response.status_code} without the one shape"]
    return []
