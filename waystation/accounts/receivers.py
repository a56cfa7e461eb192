"""What Django and allauth tell us about sign-ins and factors."""

from allauth.account.signals import authentication_step_completed
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from . import actions, lockout, sessions, signals
from .models import User


@receiver(user_logged_in, dispatch_uid="accounts.session_began")
def session_began(sender, request, user, **kwargs):
    at = timezone.now()
    User.objects.filter(pk=user.pk).update(last_seen_at=at)
    user.last_seen_at = at
    if request is not None:
        sessions.start_clock(request.session)


@receiver(authentication_step_completed, dispatch_uid="accounts.stepped_up")
def stepped_up(sender, request, user, reauthenticated=False, **kwargs):
    if reauthenticated:
        sessions.renew_key(request)


@receiver(mfa.authentication_failed, dispatch_uid="accounts.wrong_code")
def wrong_code(sender, request, user, **kwargs):
    lockout.count_wrong_code(request, user)


@receiver(mfa.authenticator_added, dispatch_uid="accounts.factor_added")
@receiver(mfa.authenticator_reset, dispatch_uid="accounts.factor_reset")
def factor_added(sender, request, user, authenticator, **kwargs):
    _other_sessions_end(request, user, authenticator, signals.second_factor_added)


@receiver(mfa.authenticator_removed, dispatch_uid="accounts.factor_removed")
def factor_removed(sender, request, user, authenticator, **kwargs):
    _other_sessions_end(request, user, authenticator, signals.second_factor_removed)


def _other_sessions_end(request, user, authenticator, signal):
    actions.renew_stamp(user)
    sessions.keep_signed_in(request, user)
    signal.send(sender=User, user=user, by=user, at=timezone.now(), kind=str(authenticator.type))
