"""The reading page's addresses. They belong to the assignment: a case's own would show that two arms share it."""

from django.urls import path

from readers.views import again, page_settings, practice, reading

urlpatterns = [
    path("read/<public:public_id>/", reading.read_assignment, name="read-assignment"),
    path("read/<public:public_id>/feedback/", reading.reading_feedback, name="read-feedback"),
    path("reading-settings/", page_settings.read_settings, name="read-settings"),
    path("practice/", practice.practice, name="practice"),
    path("practice/end/", practice.practice_end, name="practice-end"),
    path("login/again/", again.login_again, name="login-again"),
]
