"""The reading API: one's own assignments, their image, draft, submission, time on task and feedback.

Whatever is not one's own, not unlocked or does not exist is the same 404. Nothing here knows pathology or provenance;
`readers.feedback` does, after a submission.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.permissions import HasScope
from annotations.models import Image
from annotations.picture_responses import mask_response, picture_response
from annotations.problems import StaleReading
from annotations.reading_facts import missing, stored_mask_sha256
from readers import assignments
from readers.activity import record_activity
from readers.api import serializers
from readers.api.headers import body_of, expected_version, write_id
from readers.boot import current_reading_json, next_assignment_id, page_url
from readers.feedback import feedback_for, reference_mask_for
from readers.models import Assignment
from readers.reading_page import page_after

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description='The version seen: "3"'
)
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key gives the same answer"
)
PNG = {(200, "image/png"): OpenApiTypes.BINARY}


class AssignmentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=[(s, s) for s in ("open", "draft", "submitted")], method="by_state")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def by_state(self, rows: Any, name: str, value: str) -> Any:
        if value == "open":
            return rows.filter(reading_state__isnull=True, study__state="open")
        return rows.filter(reading_state=value)


class AssignmentView(APIView):
    """An address of one's own assignment."""

    permission_classes = [HasScope]
    scope = "readings:write"

    def found(self) -> tuple[Assignment, Image]:
        try:
            assignment = assignments.find_assignment(self.request.user, self.kwargs["public_id"])
            return assignment, assignments.image_of(assignment)
        except (Assignment.DoesNotExist, Image.DoesNotExist):
            raise Http404 from None


@extend_schema(tags=["assignments"])
class AssignmentList(generics.ListAPIView[Assignment]):
    """One's own unlocked assignments, in reading order."""

    permission_classes = [HasScope]
    scope = "readings:write"
    serializer_class = serializers.AssignmentSerializer
    filterset_class = AssignmentFilter

    def get_queryset(self) -> QuerySet[Assignment]:
        own = Assignment.objects.visible_to(self.request.user).washed_out().with_reading_state()
        return own.select_related("study", "arm").order_by("study_id", "period", "position", "pk")


@extend_schema(tags=["assignments"])
class AssignmentImage(AssignmentView):
    """The picture of this assignment: PNG, never cached by anyone but the reader's browser."""

    @extend_schema(responses=PNG)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        assignment, image = self.found()
        assignments.check_may_see(assignment, assignments.reading_of(assignment))
        return picture_response(request, image, address=assignment.public_id)


@extend_schema(tags=["assignments"])
class AssignmentReadingView(AssignmentView):
    @extend_schema(responses=serializers.ReadingSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """The draft. A submitted reading comes back only with feedback or once the study is closed."""
        assignment, image = self.found()
        reading = assignments.reading_of(assignment)
        assignments.check_may_see(assignment, reading)
        return Response(current_reading_json(assignment, image, reading))

    @extend_schema(parameters=[IF_MATCH], request=serializers.DraftSerializer, responses=serializers.SavedSerializer)
    def put(self, request: Request, public_id: str) -> Response:
        """Save the draft: all of it, or nothing. 412 with the current reading when another tab was first."""
        assignment, image = self.found()
        version, body = expected_version(request), body_of(request)
        write_id(body.get("write_id"))
        try:
            saved = assignments.save(assignment, body, expected_version=version)
        except StaleReading as stale:
            stale.facts["current"] = current_reading_json(assignment, image)
            raise
        asked = assignment.study.ask_prominent
        return Response({
            "version": saved.version,
            "mask_sha256": stored_mask_sha256(saved),
            "saved_at": saved.saved_at,
            "missing": missing(saved, spacing=image.spacing, ask_prominent=asked),
        })  # fmt: skip


@extend_schema(tags=["assignments"])
class AssignmentSubmit(AssignmentView):
    @extend_schema(
        parameters=[IF_MATCH, KEY], request=serializers.SubmissionSerializer, responses=serializers.SubmittedSerializer
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Hand the reading in, once: pressed again it gives the same answer. 400 `incomplete` lists what is missing.

        A page that says `with_next_page` gets the next case's page in the same answer, if there is one and it may be read.
        """
        assignment, image = self.found()
        version, body = expected_version(request), body_of(request)
        key = write_id(request.headers.get("Idempotency-Key") or body.get("write_id"))
        mask_sha256 = body.get("mask_sha256")
        try:
            reading = assignments.submit(assignment, expected_version=version, mask_sha256=mask_sha256, key=key)
        except StaleReading as stale:
            stale.facts["current"] = current_reading_json(assignment, image)
            raise
        following, feedback = next_assignment_id(assignment), _feedback_page(assignment)
        answer = {
            "state": reading.state,
            "submitted_at": reading.submitted_at,
            "next_url": page_url(following),
            "feedback_url": feedback,
        }
        if body.get("with_next_page") is True:
            answer["next_page"] = None if feedback else page_after(following, request._request)
        return Response(answer)


@extend_schema(tags=["assignments"])
class AssignmentReopen(AssignmentView):
    @extend_schema(request=serializers.ReasonSerializer, responses=serializers.ReadingSerializer)
    def post(self, request: Request, public_id: str) -> Response:
        """Open one's own submitted reading again, with a reason; both are kept. Not once feedback was shown."""
        assignment, image = self.found()
        reason = body_of(request).get("reason")
        reading = assignments.reopen(assignment, request.user, reason if isinstance(reason, str) else "")
        return Response(current_reading_json(assignment, image, reading))


@extend_schema(tags=["assignments"])
class AssignmentActivity(AssignmentView):
    @extend_schema(request=serializers.ActivitySerializer, responses={204: None})
    def post(self, request: Request, public_id: str) -> Response:
        """Time on task: intervals in which the page was visible, focused and used, as milliseconds ago."""
        assignment, _image = self.found()
        record_activity(assignment, body_of(request).get("intervals"))
        return Response(status=status.HTTP_204_NO_CONTENT)


@extend_schema(tags=["assignments"])
class AssignmentFeedback(AssignmentView):
    @extend_schema(responses=serializers.FeedbackSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """After a submission, where the study gives feedback: the reference beside one's own. The sight is recorded."""
        assignment, _image = self.found()
        return Response(feedback_for(assignment))


@extend_schema(tags=["assignments"])
class AssignmentFeedbackMask(AssignmentView):
    @extend_schema(responses=PNG)
    def get(self, request: Request, public_id: str) -> HttpResponse:
        """The reference mask as PNG, where feedback may be shown."""
        assignment, _image = self.found()
        mask = reference_mask_for(assignment)
        if mask is None:
            raise Http404
        return mask_response(mask)


def _feedback_page(assignment: Assignment) -> Any:
    if not assignments.gives_feedback(assignment):
        return None
    return reverse("read-feedback", args=[assignment.public_id])
