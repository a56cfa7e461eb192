"""The law of this app: whoever joins a group keeps the formal relation. Seen row by row and in the SQL itself."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import places as make
from tests.stewardship.groups import grown
from waystation.stewardship.groups import actions
from waystation.stewardship.people.models import Membership, Person, Stay

NOON = make.NOON
ACTIONS = Path(actions.__file__).parent
WRITE = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")


def rows_of_people():
    """Every byte of what people stores about members, their formal relation and their stays."""
    return [
        sorted(tuple(map(repr, row)) for row in model.objects.values_list()) for model in (Membership, Person, Stay)
    ]


def every_act(places):
    """Each action once, by its name; what it needs is made before it starts."""
    stays = grown.stays(places, 6)
    group = grown.group(places, stays[:4])
    other = grown.group(places, stays[2:5], name="另一组", kind="special")
    said = {"held_on": NOON.date(), "topic": "学习"}
    plan, dropped = [actions.plan_activity(group, by=None, at=NOON, **said) for _n in range(2)]
    who, member = {"by": None, "at": NOON}, make.user("member", places["branch"])
    Person.objects.filter(pk=stays[0].person_id).update(user=member)
    actions.name_leader(group, grown.row(group, stays[0]), **who)
    idea = {**said, "reason": "天冷", "by": member, "at": NOON}
    taken, entered, unwanted = [actions.suggest_activity(group, **idea) for _n in range(3)]
    actions.take_up(entered, **who)
    return {
        "found_group": lambda: grown.group(places, stays, name="第三组", kind="level"),
        "accept_proposals": lambda: actions.accept_proposals(
            places["station"], [f"area:{places['community'].pk}"], **who
        ),
        "edit_group": lambda: actions.edit_group(group, name="改名", kind="skill", basis="厨师", **who),
        "add_members": lambda: actions.add_members(group, [stay.pk for stay in stays], **who),
        "suggest_activity": lambda: actions.suggest_activity(group, **idea),
        "take_up": lambda: actions.take_up(taken, **who),
        "decline": lambda: actions.decline(unwanted, reason="改日", **who),
        "note_entered": lambda: actions.note_entered(entered, group_key=group.pk, occasion_key=entered.pk, **who),
        "name_leader": lambda: actions.name_leader(group, grown.row(group, stays[3]), **who),
        "plan_activity": lambda: actions.plan_activity(group, **said, **who),
        "record_activity": lambda: actions.record_activity(
            plan, place="", record="", attended=[grown.row(group, stays[0]).pk], **said, **who
        ),
        "cancel_activity": lambda: actions.cancel_activity(dropped, reason="台风", **who),
        "remove_members": lambda: actions.remove_members(group, [grown.row(group, stays[1]).pk], **who),
        "end_leading": lambda: actions.end_leading(group, **who),
        "merge_groups": lambda: actions.merge_groups(group, other, **who),
        "leave_with_stay": lambda: actions.leave_with_stay(stays[5], at=NOON),
        "follow_stays": lambda: actions.follow_stays([stays[4].person]),
        "close_group": lambda: actions.close_group(group, reason="任务完成", **who),
    }


@pytest.mark.django_db
def test_no_action_touches_the_formal_relation_or_any_table_of_people(places):
    acts = every_act(places)
    Stay.objects.filter(pk=Stay.objects.order_by("-pk").values("pk")[:1]).update(ends_on=NOON.date(), ending="returned")
    written = set()
    for name, act in acts.items():
        before = rows_of_people()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            act()
        assert rows_of_people() == before, name
        written |= {found[1] for query in asked.captured_queries if (found := WRITE.match(query["sql"]))}

    assert {name for name in actions.__all__ if name[0].islower()} == set(acts)
    # Who took part was seen that day: contact and care keep it beside their log.
    kept = ("groups_", "kernel_audit", "duty_", "contacts_contactstate")
    assert {table for table in written if not table.startswith(kept)} == set()
    assert any(table == "groups_groupmember" for table in written)


def test_the_actions_import_no_write_of_people():
    for path in ACTIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert "people.actions" not in node.module, path.name
                assert not {"Membership"} & {name.name for name in node.names}, path.name
