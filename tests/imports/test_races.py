"""Two imports of the same archive at the same moment."""

import threading

import pytest
from django.db import connection

from annotations.datasets import publish_version
from annotations.imports.accept import accept_import
from annotations.imports.lymphus import read_lymphus
from annotations.models import Case, Dataset, DatasetVersion, Provenance
from tests.imports.small import archive

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(work, times=2):
    """Run `work` in threads that start together; returns what they returned or raised."""
    gate, results = threading.Barrier(times), []

    def one():
        try:
            gate.wait(10)
            results.append(work())
        except Exception as problem:
            results.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_each_case_is_stored_once(tmp_path):
    path = archive(tmp_path)

    results = at_once(lambda: accept_import(read_lymphus([path]), slug="small"))

    assert sorted((r.added, r.unchanged) for r in results) == [(0, 4), (4, 0)]
    assert (Dataset.objects.count(), Case.objects.count(), Provenance.objects.count()) == (1, 4, 4)


def test_one_version_is_published(tmp_path):
    dataset = accept_import(read_lymphus([archive(tmp_path)]), slug="small").dataset

    results = at_once(lambda: publish_version(dataset).number)

    assert results == [1, 1]
    assert DatasetVersion.objects.count() == 1
