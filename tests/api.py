"""How tests speak to the API."""

from __future__ import annotations

import base64
from typing import Any

from django.test import Client

from annotations import mask_codec
from tests.factories import ellipse, full_answers


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The one error shape: a stable code, one sentence, facts beside them. Returns the body."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body = response.json()
    assert body["code"] == code
    assert isinstance(body["detail"], str) and body["detail"].endswith((".", ":")), body
    return body


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def draft_body(write_id: str = "w1", *, width: int = 60, height: int = 40, **changes: Any) -> dict[str, Any]:
    """A whole reading as the page sends it."""
    mask = ellipse(width, height)
    body = {
        "write_id": write_id,
        "form_version": "lymphus-1.0",
        "answers": full_answers(width=width, height=height),
        "score": 35,
        "call": "benign",
        "remarks": "",
        "no_node": False,
        "mask": {"data": base64.b64encode(mask_codec.encode(mask)).decode()},
        "mask_sha256": mask_codec.mask_sha256(mask),
        "calibration": None,
        "questions": [],
    }
    return body | changes


def put_reading(client: Client, assignment: Any, body: dict[str, Any], version: int | str = 0) -> Any:
    url = f"/api/v1/assignments/{assignment.public_id}/reading/"
    return client.put(url, body, content_type="application/json", headers={"If-Match": f'"{version}"'})


def post_submit(
    client: Client, assignment: Any, *, version: int = 1, key: str = "s1", mask_sha256: str | None = "", **more: Any
) -> Any:
    """`mask_sha256` "" stands for the hash of `draft_body`'s mask."""
    sha256 = draft_body()["mask_sha256"] if mask_sha256 == "" else mask_sha256
    url = f"/api/v1/assignments/{assignment.public_id}/submit/"
    body = {"version": version, "mask_sha256": sha256, "write_id": key, **more}
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": key}
    return client.post(url, body, content_type="application/json", headers=headers)
