"""A desk beside the running server, on the same database: a drill asks it for a fresh study and for what is stored.

One process for all drills of a module, lines of JSON in and out: {"do": "stored", ...} -> {"ok": ...} or {"error": "..."}.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lymphus_web.settings")


def fill(cases: int) -> int:
    """The demo dataset of so many cases, published, without the studies that `serve` makes of it."""
    from readers import demo

    demo.make_log_ins()
    demo.import_demo(cases, lambda text: None)
    return cases


def study(
    title: str, cases: int = 2, width: int | None = None, reader: str = "reader1", **protocol: str
) -> dict[str, Any]:
    """A fresh open study with one reader, whose page is as at a first visit, of so many cases (with images of that width):
    its assignments in reading order, and a session's cookie. `protocol` is what `create_study` takes besides."""
    from annotations.models import Case, DatasetVersion
    from readers.models import Assignment
    from readers.profiles import remember_setting
    from readers.studies import create_study, open_study

    version = DatasetVersion.objects.unscoped().get()
    known = Case.objects.unscoped().included().filter(memberships__version=version).order_by("public_id")
    known = known.filter(images__spacing_row_mm__isnull=False)  # none that `unscale` has been at
    if width is not None:
        known = known.filter(images__width=width)
    ids = list(known.values_list("public_id", flat=True)[:cases])
    made = create_study(
        _user("lead"), title=title, dataset_version=version, case_ids=ids, readers=[_user(reader)], **protocol
    )
    open_study(made, _user("lead"))
    remember_setting(_user(reader), "reading", None)
    own = Assignment.objects.unscoped().filter(study=made).order_by("position")
    return {"study": made.public_id, "assignments": [a.public_id for a in own], "session": session(reader)}


def session(username: str) -> str:
    """The key of a new session of this person, as a log-in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    user, made = _user(username), SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.save()
    return str(made.session_key)


def end_sessions() -> int:
    from django.contrib.sessions.models import Session

    return Session.objects.all().delete()[0]


def stored(assignment: str) -> dict[str, Any] | None:
    """What the database holds of the assignment's reading: `parts` are the mask's connected parts as boxes x0, y0, x1, y1."""
    from annotations.models import Mask
    from readers.models import AssignmentReading

    rows = AssignmentReading.objects.filter(assignment__public_id=assignment).select_related("reading")
    if not rows:
        return None
    reading = rows.get().reading
    mask = Mask.objects.filter(reading=reading).first()
    return {
        "version": reading.version, "state": reading.state, "answers": reading.answers, "score": reading.score,
        "call": reading.call or None, "remarks": reading.remarks, "revisions": reading.revisions.count(),
        "mask_sha256": mask.sha256 if mask else None, "parts": _parts(bytes(mask.payload)) if mask else [],
    }  # fmt: skip


def late(assignment: str) -> list[dict[str, Any]]:
    """The late work of an assignment, oldest first: reason, answers and the mask's parts."""
    import base64

    from readers.models import LateWork

    rows = LateWork.objects.filter(assignment__public_id=assignment).order_by("pk")
    return [
        {
            "reason": row.reason,
            "answers": row.payload["answers"],
            "parts": _parts(base64.b64decode(row.payload["mask"]["data"])) if row.payload["mask"] else [],
        }
        for row in rows
    ]


def lock(study: str) -> None:
    from readers.models import Study
    from readers.studies import lock_study

    lock_study(Study.objects.unscoped().get(public_id=study), _user("lead"))


def withdraw(study: str) -> None:
    from readers.models import Study
    from readers.studies import withdraw_reader

    withdraw_reader(Study.objects.unscoped().get(public_id=study), _user("reader1"), _user("lead"))


def exclude(assignment: str) -> None:
    """Leave the assignment's case out, as a curator who found something late: the state, whoever reads it now."""
    from annotations.models import Case
    from readers.models import Assignment

    case = Assignment.objects.unscoped().get(public_id=assignment).case_id
    Case.objects.unscoped().filter(pk=case).update(state=Case.State.EXCLUDED)


def include(assignment: str) -> None:
    """Take `exclude` back, for the tests that come after."""
    from annotations.models import Case
    from readers.models import Assignment

    case = Assignment.objects.unscoped().get(public_id=assignment).case_id
    Case.objects.unscoped().filter(pk=case).update(state=Case.State.INCLUDED)


def active_seconds(assignment: str) -> float:
    """Time on task on record for the assignment."""
    from readers.models import ActivityInterval

    rows = ActivityInterval.objects.filter(assignment__public_id=assignment)
    return sum((row.ended_at - row.started_at).total_seconds() for row in rows)


def unscale(assignment: str) -> None:
    """Take the scale of the assignment's image away, as of an image that came without one."""
    from annotations.models import Image
    from readers.models import Assignment

    case = Assignment.objects.unscoped().get(public_id=assignment).case_id
    Image.objects.unscoped().filter(case=case).update(spacing_row_mm=None, spacing_col_mm=None)


def _user(username: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=username)


def _parts(payload: bytes) -> list[list[int]]:
    import numpy as np
    from scipy import ndimage

    from annotations.mask_codec import decode

    labels, _count = ndimage.label(decode(payload), structure=np.ones((3, 3)))
    return [[s[1].start, s[0].start, s[1].stop, s[0].stop] for s in ndimage.find_objects(labels)]


_ALL = (
    fill, study, session, end_sessions, stored, late, lock, withdraw, exclude, include, active_seconds, unscale,
)  # fmt: skip
VERBS = {verb.__name__: verb for verb in _ALL}


def main() -> None:
    django.setup()
    from django.db import close_old_connections, connection

    for line in sys.stdin:
        asked = json.loads(line)
        close_old_connections()
        try:
            answer = {"ok": VERBS[asked.pop("do")](**asked)}
        except Exception as error:  # the drill that asked fails with it; the desk stays for the next
            answer = {"error": f"{type(error).__name__}: {error}"}
            connection.close()
        sys.stdout.write(f"@{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
