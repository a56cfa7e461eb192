"""A form sent twice has one effect: double click, going back, a lost answer, a repeating proxy."""

import hashlib
import uuid
from datetime import datetime, timedelta
from functools import wraps

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpResponse, HttpResponseBadRequest
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import Submission

FIELD = "idem"
KEPT = timedelta(hours=24)
_UNHASHED = {FIELD, "csrfmiddlewaretoken"}
_PAGE = "409.html"


def idempotent(view):
    """Let a POST with the same key take effect once; repeats get the first answer's redirect.

    Submission and effect are one transaction. An answer that leads nowhere (a form shown again
    with its errors) is not remembered, so the person can correct it and send it again. The same
    key with another content answers 409. A POST without a key is served unprotected.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method != "POST" or not (text := request.POST.get(FIELD)):
            return view(request, *args, **kwargs)
        try:
            key = uuid.UUID(text)
        except ValueError:
            return HttpResponseBadRequest(_("The form is damaged."))
        user = request.user if request.user.is_authenticated else None
        digest = body_hash(request)
        try:
            return _first(request, view, args, kwargs, user=user, key=key, digest=digest)
        except _Repeated:
            return _again(request, user=user, key=key, digest=digest)

    return guarded


class _Repeated(Exception):
    """The key was used before, or is being used at this moment."""


@transaction.atomic
def _first(request, view, args, kwargs, *, user, key, digest) -> HttpResponse:
    try:
        with transaction.atomic():
            row = Submission.objects.create(user=user, key=key, body_hash=digest, created_at=timezone.now())
    except IntegrityError:
        raise _Repeated from None
    except OperationalError as problem:
        # On PostgreSQL a repeat waits for the first at the unique index, up to lock_timeout.
        if "lock timeout" in str(problem):
            raise _Repeated from None
        raise
    response = view(request, *args, **kwargs)
    location = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if response.status_code >= 400 or not (location or response.status_code == 204):
        row.delete()
        return response
    row.status, row.location = response.status_code, location[:2000]
    row.save(update_fields=["status", "location"])
    return response


def _again(request, *, user, key, digest) -> HttpResponse:
    row = Submission.objects.filter(user=user, key=key).first()
    if row is None or row.body_hash != digest:
        return _conflict(request)
    response = HttpResponse(status=row.status)
    if row.location:
        header = "Location" if 300 <= row.status < 400 else "HX-Redirect"
        response.headers[header] = row.location
    return response


def _conflict(request) -> HttpResponse:
    sentence = _("This form was already sent with other content. Open the page again.")
    try:
        page = render_to_string(_PAGE, {"sentence": sentence}, request)
    except TemplateDoesNotExist:
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=409)


def body_hash(request) -> str:
    """A digest of what was sent and where to, without the key and the CSRF token."""
    digest = hashlib.sha256(request.path.encode())
    for name in sorted(set(request.POST) - _UNHASHED):
        for sent in request.POST.getlist(name):
            digest.update(f"\0{name}\1{sent}".encode("utf-8", "surrogatepass"))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            digest.update(f"\2{name}\1{file.name}\1{file.size}".encode("utf-8", "surrogatepass"))
            for piece in file.chunks():
                digest.update(piece)
            file.seek(0)
    return digest.hexdigest()


def forget(at: datetime) -> int:
    """Delete submissions older than a day; says how many."""
    return Submission.objects.filter(created_at__lt=at - KEPT).delete()[0]
