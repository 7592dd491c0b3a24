"""Who can be asked to read."""

from __future__ import annotations

import pytest

from readers.people import candidates_for
from readers.simulation import mark_simulated
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_simulated_reader_is_nobody_who_could_be_asked():
    lead, person, simulated = make_user("study lead"), make_user("reader"), make_user("reader")
    mark_simulated(simulated, "Simulated reader 1")

    assert list(candidates_for(lead)) == [person]
