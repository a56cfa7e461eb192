"""Members in care of one trade, and a group of them, to test with."""

from tests import places as make
from waystation.stewardship.groups.actions import found_group
from waystation.stewardship.groups.models import GroupMember

NAMES = ("钟阿妹", "雷石生", "蓝木兰", "缪春花", "吴海生", "林秀珠")


def stays(places, number=3, *, trade="餐饮服务", **more):
    """So many full members in care who follow the trade."""
    more.setdefault("member_kind", "full")
    return [make.stay(places, name, trade=trade, **more) for name in NAMES[:number]]


def group(places, members=None, *, name="餐饮服务功能党小组", at=make.NOON, **more):
    """A group of the trade with these stays, or three new ones."""
    members = stays(places) if members is None else members
    more = {"kind": "trade", "basis": "餐饮服务", **more}
    return found_group(
        station=places["station"], name=name, stays=[stay.pk for stay in members], by=None, at=at, **more
    )


def row(group, stay):
    """The open membership of the stay's member in the group."""
    return GroupMember.objects.get(group=group, stay=stay, ends_on=None)
