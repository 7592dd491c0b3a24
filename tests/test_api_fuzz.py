"""No input that the API's description allows, or nearly allows, is answered by an error of the program."""

import json

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings

from tests.blinding import make_world

pytestmark = pytest.mark.django_db
EXAMPLES = 6
# a stream of bytes, and the description itself, take no input
LEFT_OUT = ("/schema/",)


def real_id(world, path, parameter):
    """An id that exists, where the address is about something that does."""
    kinds = {"assignments": "assignment", "studies": "study", "cases": "case", "images": "image", "masks": "mask",
             "versions": "version", "reference-readings": "reference", "datasets": "dataset"}  # fmt: skip
    kind = kinds.get(path.strip("/").split("/")[2])
    return world.kwargs[kind].get(parameter) if kind else None


def send(client, world, operation, case, *, real):
    path = operation.path
    for name, value in (case.path_parameters or {}).items():
        known = real_id(world, path, name) if real else None
        path = path.replace(f"{{{name}}}", str(known or value or "x").replace("/", "_") or "x")
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool) or case.body is None else {}
    method = getattr(client, operation.method.lower())
    if operation.method.upper() == "GET":
        return method(path, {k: v for k, v in (case.query or {}).items() if v is not None})
    return method(
        path, json.dumps(body), content_type="application/json", headers={"If-Match": '"1"', "Idempotency-Key": "k"}
    )


def check(client, world, operation):
    """Both with ids that exist and with those drawn."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def every(case):
        for real in (True, False):
            response = send(client, world, operation, case, real=real)
            assert response.status_code < 500, (operation.label, case.body, response.content[:300])
            if response.status_code >= 400 and response["Content-Type"] == "application/json":
                assert {"code", "detail"} <= set(response.json()), (operation.label, response.content)

    every()


@pytest.mark.parametrize("role", ["reader", "lead", "curator"])
def test_no_described_input_makes_a_server_error(role):
    world = make_world()
    client = world.client(role)
    schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        if not operation.path.endswith(LEFT_OUT):
            check(client, world, operation)
    assert len(operations) > 25
