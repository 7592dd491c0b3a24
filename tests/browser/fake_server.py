"""A small stand-in for the reading API, for the browser tests of the reading page alone.

It renders the real templates and keeps readings in memory; a test can bend it (expired, locked, lost)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import secrets
import socket
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def _value(code: str, label: str) -> dict[str, str]:
    return {"code": code, "label": label}


_NO_YES = [_value("no", "No"), _value("yes", "Yes")]
_ABSENT_PRESENT = [_value("absent", "Absent"), _value("present", "Present")]


def _feature(code: str, group: str, label: str, values: list[dict[str, str]], **rest: Any) -> dict[str, Any]:
    kind = "continuous" if not values else "binary" if len(values) == 2 else "nominal"
    keyed = [{**value, "key": str(i)} for i, value in enumerate(values, 1)]
    return {
        "code": code, "group": group, "label": label, "question": f"{label}?", "kind": kind, "unit": "",
        "values": keyed, "definition": f"What {label.lower()} means, in a sentence or two for the reader.",
        "source": "doi:10.1016/j.dib.2026.112694", "derived": False, "applies_when": None,
        "allow_cannot_assess": True, **rest,
    }  # fmt: skip


FEATURES = [
    _feature("max_diameter_mm", "size_shape", "Max. diameter", [], unit="mm"),
    _feature("min_diameter_mm", "size_shape", "Min. diameter", [], unit="mm"),
    _feature("aspect_ratio", "size_shape", "Aspect ratio", [], derived=True),
    _feature("hypoechoic", "echogenicity", "Hypoechoic part", _NO_YES),
    _feature("hyperechoic", "echogenicity", "Hyperechoic part", _NO_YES),
    _feature("isoechoic", "echogenicity", "Isoechoic, whole node", _NO_YES),
    _feature("homogeneity", "echogenicity", "Homogeneity",
             [_value("homogeneous", "Homogeneous"), _value("heterogeneous", "Heterogeneous")]),
    _feature("prominent_echogenicity", "echogenicity", "Prominent echogenicity",
             [_value("hypoechoic", "Hypo"), _value("hyperechoic", "Hyper"), _value("isoechoic", "Iso")],
             applies_when={"feature": "homogeneity", "value": "heterogeneous"}),
    _feature("fatty_hilum_loss", "structure", "Loss of fatty hilum", _ABSENT_PRESENT),
    _feature("centrality", "structure", "Cortical thickening",
             [_value("none", "None"), _value("concentric", "Concentric"), _value("eccentric", "Eccentric")]),
    _feature("microcalcifications", "structure", "Microcalcifications", _ABSENT_PRESENT),
    _feature("necrosis", "structure", "Necrosis",
             [_value("none", "None"), _value("coagulative", "Coagulative"), _value("cystic", "Cystic")]),
    _feature("margin_regularity", "border_content", "Margin regularity",
             [_value("regular", "Regular"), _value("irregular", "Irregular")]),
    _feature("margin_definition", "border_content", "Margin definition",
             [_value("well_defined", "Well defined"), _value("ill_defined", "Ill defined")]),
    _feature("internal_component", "border_content", "Internal component",
             [_value("solid", "Solid"), _value("mixed", "Mixed")]),
    _feature("intranodal_cystic_lesion", "border_content", "Intranodal cystic lesion", _ABSENT_PRESENT),
]  # fmt: skip
GROUPS = [
    {"code": "size_shape", "label": "Size and shape"},
    {"code": "echogenicity", "label": "Echogenicity"},
    {"code": "structure", "label": "Structure"},
    {"code": "border_content", "label": "Border and content"},
]


def empty_reading() -> dict[str, Any]:
    return {
        "version": 0, "state": "draft", "answers": {}, "score": None, "call": None, "remarks": "",
        "no_node": False,
        "mask": None, "mask_sha256": None, "calibration": None, "missing": [],
    }  # fmt: skip


@dataclass
class Behaviour:
    """What the server does out of the ordinary: `lose` answers once stored, `refuse` with (status, code)."""

    lose: int = 0
    refuse: tuple[int, str] | None = None
    puts: int = 0
    submits: int = 0


@dataclass
class FakeServer:
    image: bytes
    width: int
    height: int
    spacing: dict[str, Any] | None = None
    score_style: str = "vas"
    user: str = "u1"
    reading: dict[str, Any] = field(default_factory=empty_reading)
    last_write: tuple[str, dict[str, Any]] | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)
    activity: list[dict[str, int]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    port: int = 0

    def start(self) -> FakeServer:
        handler = type("Handler", (_Handler,), {"fake": self})
        server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/reading/"

    def boot(self) -> dict[str, Any]:
        progress = ["submitted"] * 11 + ["draft"] + ["open"] * 28 + ["locked"] * 20
        return {
            "assignment": {
                "id": "a1", "study_title": "Neck nodes, two centres", "position": 12, "total": 60,
                "arm_label": "unaided", "period": 1, "progress": progress, "next_url": "/next/",
                "worklist_url": "/worklist/", "feedback": "never", "synthetic": True,
            },
            "image": {"url": "/image/", "width": self.width, "height": self.height, "spacing": self.spacing},
            "form": {"version": "lymphus-1", "groups": GROUPS, "features": FEATURES},
            "score": {
                "style": self.score_style, "low_label": "certainly benign",
                "high_label": "certainly malignant",
                "categories": [{"value": v, "label": str(v)} for v in (0, 25, 50, 75, 100)],
            },
            "reading": self.reading,
            "urls": {"image": "/image/", "reading": "/api/reading/", "submit": "/api/submit/",
                     "activity": "/api/activity/", "settings": "/reading-settings/",
                     "prefetch_image": "/image/next/", "login": "/login/"},
            "settings": self.settings,
            "user": {"id": self.user, "name": "Reader 3"},
        }  # fmt: skip

    def mask_pixels(self) -> bytes:
        """The stored mask as raw 0/1 bytes, decoded by code of its own."""
        if not self.reading["mask"]:
            return bytes(self.width * self.height)
        return decode_mask(self.reading["mask"]["data"])


def decode_mask(data: str) -> bytes:
    raw = gzip.decompress(base64.b64decode(data))
    assert raw[:5] == b"LYMK\x02"
    out, value, number, shift = bytearray(), 0, 0, 0
    runs = [0, 0]
    for byte in raw[13:]:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            runs.append(runs[-2] + (-(number + 1) // 2 if number % 2 else number // 2))
            out += bytes([value]) * runs[-1]
            value, number, shift = 1 - value, 0, 0
    return bytes(out)


def mask_hash(data: str) -> str:
    raw = gzip.decompress(base64.b64decode(data))
    return hashlib.sha256(b"LYMK\x01" + raw[5:13] + decode_mask(data)).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Tests read what happened from the state, not from a log."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/reading/":
            nonce = secrets.token_urlsafe(12)
            self._send(200, page(self.fake, nonce).encode(), "text/html", {
                "Content-Security-Policy": POLICY.format(nonce=nonce), "Cache-Control": "no-store",
                "Set-Cookie": "csrftoken=abc; Path=/"})  # fmt: skip
        elif path == "/feedback/":
            nonce = secrets.token_urlsafe(12)
            self._send(200, feedback_page(self.fake, nonce).encode(), "text/html", {
                "Content-Security-Policy": POLICY.format(nonce=nonce)})  # fmt: skip
        elif path.startswith("/image/"):
            self._send(200, self.fake.image, "image/png")
        elif path.startswith("/static/") and ".." not in path and (ROOT / path[1:]).is_file():
            file = ROOT / path[1:]
            self._send(200, file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream"))
        elif path in ("/worklist/", "/next/"):
            self._send(200, f"<!doctype html><title>{path}</title>".encode(), "text/html")
        else:
            self._send(404, b"", "text/plain")

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fake, behaviour = self.fake, self.fake.behaviour
        if self.path == "/reading-settings/":
            fake.settings = body
            self._send(204, b"", "text/plain")
            return
        behaviour.puts += 1
        if behaviour.refuse:
            self._json(behaviour.refuse[0], {"code": behaviour.refuse[1], "detail": "as the test wished"})
            return
        status, answer = put_reading(fake, body, self.headers.get("If-Match"))
        if behaviour.lose:
            behaviour.lose -= 1
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._json(status, answer)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
        if self.path == "/login/":
            right = body.get("password") == "right"
            if right:
                self.fake.behaviour.refuse = None
            self._json(200 if right else 400, {} if right else {"detail": "User name and password do not fit."})
        elif self.path == "/api/activity/":
            self.fake.activity += body["intervals"]
            self._json(200, {})
        elif self.path == "/api/submit/":
            self.fake.behaviour.submits += 1
            if body["mask_sha256"] != self.fake.reading["mask_sha256"]:
                self._json(409, {"code": "mask_differs", "detail": ""})
                return
            self.fake.reading["state"] = "submitted"
            self._json(200, {"state": "submitted", "submitted_at": datetime.now(UTC).isoformat(),
                             "next_url": "/next/", "feedback_url": None})  # fmt: skip

    def _json(self, status: int, body: dict[str, Any]) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


_lock = threading.Lock()


def put_reading(fake: FakeServer, body: dict[str, Any], if_match: str | None) -> tuple[int, dict[str, Any]]:
    with _lock:
        if fake.last_write and fake.last_write[0] == body["write_id"]:
            return 200, fake.last_write[1]
        if if_match is None:
            return 428, {"code": "version_required", "detail": ""}
        if if_match.strip('"') != str(fake.reading["version"]):
            return 412, {"code": "stale_reading", "detail": "", "current": fake.reading}
        stored = {k: body[k] for k in ("answers", "score", "call", "remarks", "no_node", "mask", "calibration")}
        stored["mask_sha256"] = mask_hash(body["mask"]["data"]) if body["mask"] else None
        stored["questions"] = body["questions"]
        fake.reading = {**fake.reading, **stored, "version": fake.reading["version"] + 1}
        answer = {
            "version": fake.reading["version"], "mask_sha256": stored["mask_sha256"],
            "saved_at": datetime.now(UTC).isoformat(), "missing": [],
        }  # fmt: skip
        fake.last_write = (body["write_id"], answer)
        return 200, answer


def page(fake: FakeServer, nonce: str) -> str:
    return (
        _engine()
        .get_template("reading/page.html")
        .render({"reading_data": fake.boot(), "logout_url": None, "request": SimpleNamespace(csp_nonce=nonce)})
    )


def feedback_page(fake: FakeServer, nonce: str) -> str:
    boot = fake.boot()
    own, reference = box_mask(fake, 20, 20, 120, 90), box_mask(fake, 30, 25, 140, 95)
    differs = [{"code": "centrality", "label": "Cortical thickening", "yours": "none",
                "reference": "eccentric", "definition": "Thickened on one side."}]  # fmt: skip
    context = {
        "feedback_data": {"image": boot["image"], "own_mask": own, "reference_mask": reference},
        "assignment": boot["assignment"], "submitted_at": datetime(2026, 1, 2, 10, 31, 7),
        "user_name": "Trainee 1",
        "summary": {"same": 11, "compared": 14, "dice": 0.88, "pathology": "Benign",
                    "pathology_note": "cytology; you gave 18", "hd95": "1.0 mm"},
        "differs": differs, "agrees": [{"label": "Necrosis", "value": "none"}] * 11,
        "request": SimpleNamespace(csp_nonce=nonce),
    }  # fmt: skip
    return _engine().get_template("reading/feedback.html").render(context)


def box_mask(fake: FakeServer, x0: int, y0: int, x1: int, y1: int) -> dict[str, str]:
    """A rectangle in the mask codec's first version, encoded by code of its own."""
    runs = [y0 * fake.width + x0, x1 - x0]
    for _ in range(y1 - y0 - 1):
        runs += [fake.width - (x1 - x0), x1 - x0]
    runs.append(fake.width * fake.height - sum(runs))
    body = bytearray(b"LYMK\x01" + fake.width.to_bytes(4, "little") + fake.height.to_bytes(4, "little"))
    for run in runs:
        while run >= 0x80:
            body.append((run & 0x7F) | 0x80)
            run >>= 7
        body.append(run)
    return {"data": base64.b64encode(gzip.compress(bytes(body))).decode()}


def _engine() -> Any:
    import django
    from django.conf import settings
    from django.template.backends.django import DjangoTemplates

    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["django.contrib.staticfiles"], STATIC_URL="/static/", SECRET_KEY="tests-only",
            USE_I18N=True,
        )  # fmt: skip
        django.setup()
    return DjangoTemplates(
        {"NAME": "pages", "DIRS": [ROOT / "templates"], "APP_DIRS": False,
         "OPTIONS": {"libraries": {n: f"django.templatetags.{n}" for n in ("static", "i18n")}}}
    )  # fmt: skip


if __name__ == "__main__":
    from PIL import Image

    picture = Path(sys.argv[1])
    with Image.open(picture) as opened:
        size = opened.size
    spacing = {"row_mm": 0.06, "col_mm": 0.06, "source": "from the archive"}
    running = FakeServer(picture.read_bytes(), *size, spacing=spacing, port=int(sys.argv[2])).start()
    sys.stdout.write(f"{running.url}\n")
    sys.stdout.flush()
    threading.Event().wait()
