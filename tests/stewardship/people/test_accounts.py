"""The account of a member: opened or linked at the counter, once, and taken back."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.fault.conftest import together
from waystation.accounts.actions import disable_user
from waystation.accounts.models import User
from waystation.kernel import audit
from waystation.kernel.models import AuditEvent
from waystation.organizations.actions import end_mandate, grant_mandate
from waystation.organizations.models import Mandate
from waystation.portal.queries import sightings
from waystation.stewardship.people import actions
from waystation.stewardship.people.models import Person

NAME = "13959396624"


@pytest.fixture
def member(tree):
    return make.stay(tree["branch"], tree["station"], "陈丽", destination=tree["community"]).person


@pytest.fixture
def another(tree):
    return make.stay(tree["branch"], tree["station"], "陈丽", destination=tree["community"]).person


@pytest.fixture
def officer(tree):
    return make.user("station_officer", tree["station"])


def opened(person, officer, username=NAME):
    return actions.open_account(person, username=username, by=officer, at=timezone.now())


def linked(person, user, by):
    return actions.link_account(person, username=user.username, by=by, at=timezone.now())


def unlinked(person, by):
    return actions.unlink_account(person, reason="本人要求", by=by, at=timezone.now())


def roles(user):
    today = timezone.localdate()
    return set(Mandate.objects.in_force(today).filter(user=user).values_list("role", "unit"))


def namesake(role="", unit=None, name="陈丽"):
    user = make.user(role, unit)
    user.full_name = name
    user.save(update_fields=["full_name"])
    return user


# --- from the slip to the own file ----------------------------------------------------------------


def test_a_slip_leads_to_the_own_file_by_a_password_of_ones_own(client, tree, member, signed_in):
    signed_in("station_officer", tree["station"])
    page = client.post(reverse("people:account", args=[member.pk]), {"username": " １3959396624 "})
    password = page.context["password"]
    assert password in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert password not in client.get(reverse("people:account", args=[member.pk])).content.decode()
    client.logout()

    client.post(reverse("account_login"), {"login": NAME, "password": password})
    assert client.get(reverse("portal:mine")).headers["Location"] == reverse("account_change_password")
    own = "fourteen-herons-cross-slowly"
    client.post(reverse("account_change_password"), {"oldpassword": password, "password1": own, "password2": own})
    assert client.get(reverse("portal:mine")).context["person"] == member
    assert client.get(reverse("people:file", args=[member.pk])).status_code == 403
    assert [event.verb for event in sightings(member, since_days=1)] == ["person.account_linked"]


def test_an_opened_account_has_the_role_of_a_member_and_leaves_a_trace(tree, member, officer):
    user, _password = opened(member, officer)

    member.refresh_from_db()
    assert (member.user, user.full_name, user.must_change_password) == (user, "陈丽", True)
    assert roles(user) == {("member", tree["branch"].pk)}
    assert [event.verb for event in AuditEvent.objects.filter(actor=officer).order_by("number")] == [
        "user.created", "mandate.granted", "person.account_linked",
    ]  # fmt: skip
    assert AuditEvent.objects.about(member).get(verb="person.account_linked").facts["user"] == str(user.pk)


def test_an_officer_who_is_a_member_uses_the_account_there_is(tree, member, officer):
    user = namesake("branch_secretary", tree["other branch"])

    linked(member, user, officer)
    assert roles(user) == {("branch_secretary", tree["other branch"].pk), ("member", tree["branch"].pk)}
    unlinked(member, officer)
    member.refresh_from_db()
    assert (member.user, roles(user)) == (None, {("branch_secretary", tree["other branch"].pk)})
    linked(member, user, officer)
    assert Person.objects.get(user=user) == member


def test_a_link_that_is_taken_back_shows_the_file_no_more(client, member, officer):
    user, _password = opened(member, officer)
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.refresh_from_db()
    client.force_login(user)
    assert client.get(reverse("portal:my-file")).status_code == 200

    unlinked(member, officer)
    assert client.get(reverse("portal:my-file")).status_code == 403
    user.refresh_from_db()
    assert (user.is_active, roles(user)) == (True, set())
    event = AuditEvent.objects.about(member).get(verb="person.account_unlinked")
    assert (event.purpose, event.facts["user"]) == ("本人要求", str(user.pk))


def test_a_new_slip_ends_the_old_password(member, officer):
    user, old = opened(member, officer)

    same, new = actions.renew_slip(member, by=officer, at=timezone.now())
    assert AuditEvent.objects.about(member).get(verb="person.slip_renewed").actor == officer
    same.refresh_from_db()
    assert same == user
    assert (same.check_password(old), same.check_password(new)) == (False, True)


# --- what is refused ------------------------------------------------------------------------------


def test_a_file_has_one_account_and_an_account_one_file(tree, member, another, officer):
    user, _password = opened(member, officer)

    for act in (
        partial(opened, member, officer, "another"), partial(linked, member, namesake(), officer),
        partial(linked, another, user, officer), partial(opened, another, officer, NAME),
    ):  # fmt: skip
        with pytest.raises(actions.AccountRefused):
            act()
    another.refresh_from_db()
    assert (another.user, User.objects.filter(username="another").exists()) == (None, False)


def test_the_database_itself_refuses_a_second_file_and_a_merged_one(member, another, officer):
    user, _password = opened(member, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=another.pk).update(user=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=member.pk).update(merged_into=another)


def test_nobody_links_an_account_of_their_own_or_of_another_name(tree, member, officer):
    own = namesake("station_officer", tree["station"])
    disabled = namesake()
    disable_user(disabled, by=None, at=timezone.now())
    refused = []
    for user, by in ((own, own), (make.user(), officer), (disabled, officer)):
        with pytest.raises(actions.AccountRefused) as caught:
            linked(member, user, by)
        refused.append(str(caught.value))
    with pytest.raises(actions.AccountRefused) as caught:
        actions.link_account(member, username="nobody-has-this", by=officer, at=timezone.now())

    assert str(caught.value) == refused[1]
    assert len(set(refused)) == 3
    assert not Person.objects.filter(user__isnull=False).exists()
    assert not Mandate.objects.filter(role="member").exists()


def test_a_file_without_a_branch_or_merged_gets_no_account(tree, member, another, officer):
    Person.objects.filter(pk=another.pk).update(home=None, home_path="")
    with pytest.raises(actions.AccountRefused):
        opened(another, officer)
    Person.objects.filter(pk=another.pk).update(merged_into=member)
    for act in (opened, unlinked):
        with pytest.raises(actions.AccountRefused):
            act(another, officer)
    with pytest.raises(actions.AccountRefused):
        unlinked(member, officer)
    assert not User.objects.filter(username=NAME).exists()


@pytest.mark.parametrize("begins", [0, 30])
def test_no_slip_opens_an_account_with_another_role(tree, member, officer, begins):
    user, password = opened(member, officer)
    day = timezone.localdate() + timedelta(days=begins)
    grant_mandate(user=user, role="county_organiser", unit=tree["county"], starts_on=day, by=None, at=timezone.now())

    with pytest.raises(actions.AccountRefused):
        actions.renew_slip(member, by=officer, at=timezone.now())
    user.refresh_from_db()
    assert user.check_password(password)


def test_no_slip_opens_an_account_that_had_a_role_or_is_made_for_one(tree, member, another, officer):
    """Whoever knew the password would have the role when it is given, or given again."""
    user, _password = opened(member, officer)
    role = grant_mandate(
        user=user, role="county_organiser", unit=tree["county"], starts_on=date(2026, 1, 1), by=None, at=timezone.now()
    )
    end_mandate(role, ends_on=date(2026, 2, 1), by=None, at=timezone.now())
    with pytest.raises(actions.AccountRefused):
        actions.renew_slip(member, by=officer, at=timezone.now())

    linked(another, namesake(), officer)  # made by the security administrator, who grants its role tomorrow
    with pytest.raises(actions.AccountRefused):
        actions.renew_slip(another, by=officer, at=timezone.now())


def test_the_role_of_the_account_goes_where_the_membership_goes(tree, member, officer):
    user, _password = opened(member, officer)
    assert roles(user) == {("member", tree["branch"].pk)}

    actions.move_membership(member, to=tree["other branch"], on=timezone.localdate(), by=user, at=timezone.now())
    assert roles(user) == {("member", tree["other branch"].pk)}
    with pytest.raises(actions.AccountRefused):
        opened(member, officer)

    actions.move_membership(member, to=None, on=timezone.localdate(), by=officer, at=timezone.now())
    assert roles(user) == set()


def test_no_slip_for_a_disabled_account_or_ones_own(member, officer):
    user, _password = opened(member, officer)
    with pytest.raises(actions.AccountRefused):
        actions.renew_slip(member, by=user, at=timezone.now())
    disable_user(user, by=None, at=timezone.now())
    with pytest.raises(actions.AccountRefused):
        actions.renew_slip(member, by=officer, at=timezone.now())


# --- who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "where", "status"),
    [
        ("branch_secretary", "branch", 200),
        ("station_officer", "station", 200),
        ("station_head", "station", 200),
        ("branch_secretary", "other branch", 404),
        ("station_head", "beside station", 404),
        ("county_organiser", "county", 403),
        ("grid_leader", "grid", 403),
        ("destination_contact", "community", 403),
        ("security_admin", "city", 403),
        ("member", "branch", 403),
    ],
)
def test_who_may_open_an_account(client, tree, member, signed_in, role, where, status):
    signed_in(role, tree[where])
    pages = [reverse(f"people:account{end}", args=[member.pk]) for end in ("", "-link", "-unlink", "-slip")]

    assert client.get(pages[0]).status_code == status
    response = client.post(pages[0], {"username": NAME})
    member.refresh_from_db()
    assert (response.status_code, member.user is not None) == (status, status == 200)
    for page in pages[1:]:
        assert client.post(page, {"reason": "x", "link-username": "y"}).status_code in (
            {200, 302} if status == 200 else {status}
        )
    if status != 200:
        assert not User.objects.filter(username=NAME).exists()


def test_the_pages_open_link_and_take_back(client, tree, member, signed_in):
    signed_in("branch_secretary", tree["branch"])
    page = reverse("people:account", args=[member.pk])
    assert page in client.get(reverse("people:file", args=[member.pk])).content.decode()
    assert client.post(page, {"username": "ab cd"}).context["form"].errors
    assert (
        client.post(reverse("people:account-link", args=[member.pk]), {"link-username": "nobody"})
        .context["link_form"]
        .errors
    )

    user = namesake()
    sent = client.post(reverse("people:account-link", args=[member.pk]), {"link-username": user.username})
    assert sent.headers["Location"] == page
    assert user.username in client.get(page).content.decode()
    assert client.post(reverse("people:account-unlink", args=[member.pk]), {"reason": ""}).context["reason_form"].errors
    assert client.post(reverse("people:account-unlink", args=[member.pk]), {"reason": "本人要求"}).status_code == 302
    member.refresh_from_db()
    assert member.user is None


# --- merging --------------------------------------------------------------------------------------


def pair(tree):
    """A file with a stay, and another of the same branch that may be merged with it."""
    first = make.stay(tree["branch"], tree["station"], "陈丽", destination=tree["community"]).person
    second = make.stay(tree["branch"], tree["station"], "陈丽", destination=tree["community"])
    actions.end_stay(second, on=timezone.localdate(), ending="returned", by=None, at=timezone.now())
    actions.return_home(second.departure, on=timezone.localdate(), by=None, at=timezone.now())
    return first, second.person


def merge(winner, loser):
    return actions.merge_people(winner, loser, by=None, at=timezone.now())


@pytest.mark.parametrize("has", ["winner", "loser"])
def test_the_account_follows_a_merge_and_comes_back_with_its_undo(tree, officer, has):
    winner, loser = pair(tree)
    user, _password = opened({"winner": winner, "loser": loser}[has], officer)

    done = merge(winner, loser)
    assert Person.objects.get(user=user) == winner
    actions.undo_merge(done, by=make.user(), at=timezone.now())
    assert Person.objects.get(user=user) == {"winner": winner, "loser": loser}[has]


def test_two_accounts_are_not_merged(tree, officer):
    winner, loser = pair(tree)
    opened(winner, officer)
    opened(loser, officer, "another")
    with pytest.raises(actions.MergeRefused):
        merge(winner, loser)
    unlinked(loser, officer)
    assert merge(winner, loser)


@pytest.mark.parametrize("change", ["taken back", "another account", "given to a third file"])
def test_an_account_that_changed_since_a_merge_is_not_brought_back_by_its_undo(tree, officer, another, change):
    winner, loser = pair(tree)
    user, _password = opened(loser, officer)
    done = merge(winner, loser)
    unlinked(winner, officer)
    if change == "another account":
        opened(winner, officer, "another")
    if change == "given to a third file":
        linked(another, user, officer)

    with pytest.raises(actions.MergeRefused):
        actions.undo_merge(done, by=make.user(), at=timezone.now())


# --- at one moment --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_accounts_for_one_file_at_one_moment_are_one(tree, member, officer):
    outcomes = together(partial(opened, member, officer, "one"), partial(opened, member, officer, "two"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountRefused", "tuple"]
    member.refresh_from_db()
    assert list(User.objects.filter(username__in=["one", "two"])) == [member.user]
    assert audit.verify_chain() == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_account_for_two_files_at_one_moment_has_one(member, another, officer):
    user = namesake()

    outcomes = together(partial(linked, member, user, officer), partial(linked, another, user, officer))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AccountRefused", "User"]
    assert Person.objects.filter(user=user).count() == 1
    assert Mandate.objects.filter(user=user, role="member").count() == 1
