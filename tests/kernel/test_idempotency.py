import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from tests.kernel.people import a_user
from waystation.kernel import audit, idempotency
from waystation.kernel.ids import new_id
from waystation.kernel.models import AuditEvent, Submission

pytestmark = pytest.mark.django_db


@idempotency.idempotent
def make(request):
    """Makes one event per effect and leads to it."""
    if request.POST.get("name") == "":
        return HttpResponse("the form with its errors")
    event = audit.record("thing.made")
    if request.POST.get("name") == "forbidden":
        raise PermissionDenied
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": f"/things/{event.number}/"})
    return HttpResponseRedirect(f"/things/{event.number}/")


def post(user=None, path="/things/", headers=None, **data):
    request = RequestFactory().post(path, data, headers=headers or {})
    request.user = user or AnonymousUser()
    return make(request)


def effects():
    return AuditEvent.objects.filter(verb="thing.made").count()


def test_a_form_sent_twice_has_one_effect_and_one_answer():
    user, key = a_user(), new_id()

    answers = [post(user, idem=key, name="a") for _ in range(3)]

    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(302, "/things/1/")}
    assert effects() == 1


def test_a_fragment_sent_twice_gets_the_same_redirect():
    user, key = a_user(), new_id()

    answers = [post(user, headers={"HX-Request": "true"}, idem=key, name="a") for _ in range(2)]

    assert {(answer.status_code, answer.headers["HX-Redirect"]) for answer in answers} == {(204, "/things/1/")}
    assert effects() == 1


@pytest.mark.parametrize("other", [{"name": "b"}, {"name": "a", "more": "1"}, {"path": "/x/"}])
def test_the_same_key_with_other_content_is_a_conflict(other):
    user, key = a_user(), new_id()
    post(user, idem=key, name="a")

    assert post(user, idem=key, **{"name": "a", **other}).status_code == 409
    assert effects() == 1


def test_another_file_of_the_same_name_and_size_is_other_content():
    user, key = a_user(), new_id()
    post(user, idem=key, name="a", file=SimpleUploadedFile("a.txt", b"one"))

    again = post(user, idem=key, name="a", file=SimpleUploadedFile("a.txt", b"one"))
    other = post(user, idem=key, name="a", file=SimpleUploadedFile("a.txt", b"two"))

    assert (again.status_code, other.status_code) == (302, 409)


def test_keys_belong_to_their_user():
    key = new_id()

    answers = [post(user, idem=key, name="a") for user in (a_user("one"), a_user("two"), None)]
    repeated = post(None, idem=key, name="a")

    assert [answer.headers["Location"] for answer in answers] == [
        "/things/1/",
        "/things/2/",
        "/things/3/",
    ]
    assert repeated.headers["Location"] == "/things/3/"


def test_a_form_with_errors_may_be_corrected_and_sent_again_with_its_key():
    user, key = a_user(), new_id()

    assert post(user, idem=key, name="").status_code == 200
    assert post(user, idem=key, name="a").status_code == 302
    assert effects() == 1


def test_a_view_that_fails_leaves_neither_effect_nor_submission():
    user, key = a_user(), new_id()

    with pytest.raises(PermissionDenied):
        post(user, idem=key, name="forbidden")

    assert (effects(), Submission.objects.count()) == (0, 0)


def test_a_damaged_key_is_refused_and_no_key_is_served():
    assert post(idem="no-uuid", name="a").status_code == 400
    assert [post(name="a").status_code for _ in range(2)] == [302, 302]
    assert effects() == 2


def test_submissions_are_forgotten_after_a_day():
    post(a_user(), idem=new_id(), name="a")

    assert idempotency.forget(timezone.now() + timedelta(hours=23)) == 0
    assert idempotency.forget(timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_sends_have_one_effect_and_one_answer():
    user, key = a_user(), new_id()
    barrier, answers = threading.Barrier(10), []

    def send():
        try:
            barrier.wait()
            answer = post(user, idem=key, name="a")
            answers.append((answer.status_code, answer.headers.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(302, "/things/1/")] * 10
    assert effects() == 1
