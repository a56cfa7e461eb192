"""A unit is closed only when nothing hangs on it any more; the refusal names what does, each with its number."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import places as make
from tests.stations.duty import rows as duty
from tests.stewardship.appraisals import rounds
from tests.stewardship.education import made as education
from tests.stewardship.groups import grown
from waystation.organizations.actions import UnitInUse, close_unit
from waystation.organizations.closing import hanging
from waystation.stations.duty.actions import finish_item, open_item
from waystation.stations.funds.actions import open_account
from waystation.stewardship.contacts.actions import make_link, report_lost
from waystation.stewardship.duties.actions import ask_transfer, propose_change
from waystation.stewardship.formalities.actions import issue_card, issue_transfer
from waystation.stewardship.grids.actions import GridRefused, assign, close_grid, merge_grids, set_leader
from waystation.stewardship.grids.actions.reshaping import Plan
from waystation.stewardship.groups.actions import name_leader

pytestmark = pytest.mark.django_db
NOW = timezone.now


def today():
    return timezone.localdate()


def a_unit_below(places):
    return places["village"], "下辖未撤销单位（党支部）1个"


def a_role(places):
    make.user("branch_secretary", places["other branch"])
    return places["other branch"], "任职授权（流出地党支部书记）1项"


def a_role_to_come(places):
    make.user("branch_secretary", places["other branch"], since=today() + timedelta(days=9))
    return places["other branch"], "任职授权（流出地党支部书记）1项"


def a_station_of_the_town(places):
    return places["beside town"], "设在该处或服务该处的驻城站1个"


def a_station_that_serves(places):
    return places["beside community"], "设在该处或服务该处的驻城站1个"


def an_item(places):
    open_item(unit=places["other branch"], topic="other", title="待办", by=None, at=NOW())
    return places["other branch"], "待办事项1件"


def a_posting(places):
    duty.posting(places["station"], make.user())
    return places["station"], "未结束的任职1人"


def a_shift(places):
    duty.shift(places["station"], day=today() + timedelta(days=3))
    return places["station"], "未值班或未交班的班次1个"


def an_account(places):
    open_account(places["station"], 2026, by=None, at=NOW())
    return places["station"], "未结账的年度账户1个"


def members(places):
    make.stay(places, "缪春花")
    make.stay(places, "雷远山")
    return places["branch"], "正式组织关系2人"


def stays(places):
    make.stay(places, "缪春花")
    return places["station"], "纳入管理的党员1人"


def people_living_there(places):
    make.stay(places, "缪春花")
    return places["community"], "纳入管理的党员1人"


def a_departure(places):
    make.departure(places)
    return places["branch"], "未结束的外出登记1条"


def an_arrival(places):
    make.arrival(places)
    return places["station"], "待核实的报到1条"


def duties(places):
    make.stay(places, "缪春花")
    return places["station"], "由其负责的共管事项6项"


def duties_to_come(places):
    stay = make.stay(places, "缪春花")
    head = make.user("station_head", places["station"])
    propose_change(
        stay, kind="talk", to=places["branch"], starts_on=today() + timedelta(days=5), reason="x", by=head, at=NOW()
    )
    return places["branch"], "待答复的共管调整1项"


def a_request(places):
    stay = make.stay(places, "缪春花")
    head = make.user("station_head", places["station"])
    ask_transfer(stay, to=places["beside"], destination=None, reason="搬家", by=head, at=NOW())
    return places["beside"], "待答复的接管申请1件"


def a_lost_member(places):
    person = make.stay(places, "缪春花", starts_on=date(2026, 1, 5)).person
    report_lost(
        person, situation="1", lost_since=date(2026, 2, 1), unit=places["station"], by=make.user(), at=NOW()
    )  # fmt: skip
    return places["station"], "未办结的失联记录1条"


def a_weekly_link(places):
    make.stay(places, "缪春花", starts_on=date(2026, 1, 5))
    make_link(places["branch"], sender=places["station"], reader="夏长青", digits="27", by=None, at=NOW())
    return places["branch"], "仍有效的每周链接1个"


def a_grid(places):
    make.grid(places["station"])
    return places["station"], "下辖未撤销单位（网格）1个"


def a_grid_of_the_community(places):
    make.grid(places["station"], communities=[places["community"]])
    return places["community"], "所属网格1个"


def members_of_a_grid(places):
    grid = make.grid(places["station"])
    assign(make.stay(places, "缪春花"), grid, by=None, at=make.NOON)
    return grid.unit, "本网格党员1人"


def a_grid_leader(places):
    grid = make.grid(places["station"])
    set_leader(grid, user=make.user(), starts_on=today(), by=None, at=NOW())
    return grid.unit, "任职授权（网格长）1项"


def a_group(places):
    grown.group(places)
    return places["station"], "未撤销的功能党小组1个"


def a_leader_of_a_group(places):
    stays = grown.stays(places)
    group = grown.group(places, stays)
    name_leader(group, grown.row(group, stays[0]), by=None, at=make.NOON)
    return places["station"], "功能党小组组长1人"


def a_transfer(places):
    person = make.stay(places, "缪春花").person
    secretary = make.user("branch_secretary", places["branch"])
    issue_transfer(
        person, to=places["other branch"], channel="online", issued_on=today(), by=secretary, at=NOW()
    )  # fmt: skip
    return places["other branch"], "在途组织关系转接1件"


def a_card(places):
    person = make.stay(places, "缪春花").person
    secretary = make.user("branch_secretary", places["branch"])
    issue_card(person, number="1", issued_on=date(2026, 1, 5), by=secretary, at=NOW())
    return places["branch"], "有效活动证1本"


def an_open_roll(places):
    education.members(places, "缪春花")
    education.occasion(places["station"])
    return places["station"], "签到表未核定的组织生活1次"


def a_running_round(places):
    rounds.draft(places["station"])
    return places["station"], "进行中的评议1轮"


def a_running_appraisal(places):
    make.stay(places, "缪春花")
    rounds.opened(places["station"])
    return places["branch"], "进行中评议涉及的党员1人"


HANGING = [
    a_unit_below, a_role, a_role_to_come, a_station_of_the_town, a_station_that_serves, an_item, a_posting, a_shift,
    an_account, members, stays, people_living_there, a_departure, an_arrival, duties, duties_to_come, a_request,
    a_lost_member, a_weekly_link, a_grid, a_grid_of_the_community, members_of_a_grid, a_grid_leader, a_group,
    a_leader_of_a_group, a_transfer, a_card, an_open_roll, a_running_round, a_running_appraisal,
]  # fmt: skip


@pytest.mark.parametrize("hang", HANGING, ids=lambda hang: hang.__name__)
def test_what_hangs_on_a_unit_is_named_with_its_number(places, hang):
    unit, words = hang(places)

    with pytest.raises(UnitInUse) as refusal:
        close_unit(unit, on=today(), by=None, at=NOW())

    assert words in hanging(unit, today())
    assert words in str(refusal.value)
    unit.refresh_from_db()
    assert unit.closed_on is None


def test_a_unit_is_not_closed_ahead_of_the_day(places):
    """Rights end with the unit at once, whatever day is written down."""
    unit = places["beside"]
    with pytest.raises(UnitInUse):
        close_unit(unit, on=today() + timedelta(days=1), by=None, at=NOW())


def test_a_unit_on_which_nothing_hangs_is_closed_once(places):
    unit = places["other branch"]
    close_unit(unit, on=today(), by=None, at=NOW())

    unit.refresh_from_db()
    assert unit.closed_on == today()
    with pytest.raises(UnitInUse):
        close_unit(unit, on=today(), by=None, at=NOW())


def test_the_page_says_all_of_it_at_once(client, places, enter):
    make.stay(places, "缪春花")
    enter("system_admin", places["city"])

    page = client.post(reverse("organizations:unit-close", args=[places["station"].pk]), {"on": today().isoformat()})

    (words,) = page.context["form"].non_field_errors()
    assert "纳入管理的党员1人" in words
    assert "由其负责的共管事项6项" in words


def test_a_grid_with_something_to_do_is_neither_closed_nor_merged_its_members_may_be(places):
    one, other = (make.grid(places["station"]) for _time in range(2))
    stay = make.stay(places, "缪春花")
    assign(stay, one, by=None, at=make.NOON)
    item = open_item(unit=other.unit, topic="other", title="待办", by=None, at=NOW())
    for refused in (
        lambda: close_grid(other, on=today(), by=None, at=NOW()),
        lambda: merge_grids((one, other), Plan("09", "第9网格"), by=None, at=NOW()),
    ):
        with pytest.raises(GridRefused, match="待办事项1件"):
            refused()
    finish_item(item, outcome="办结", by=None, at=NOW())

    made = merge_grids((one, other), Plan("09", "第9网格"), by=None, at=NOW())

    assert stay.grid_assignments.get(ends_on=None).grid == made
