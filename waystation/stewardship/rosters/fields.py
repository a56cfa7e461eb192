"""The columns of a departure roster and of an arrival register, with the titles they go by."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from waystation.stewardship.rosters.models import Import


@dataclass(frozen=True)
class Field:
    """A field that a column may be mapped to; `synonyms` are the titles seen on rosters, the usual one first."""

    key: str
    label: str
    synonyms: tuple[str, ...]
    required: bool = False


# A running number means nothing to us; knowing it keeps "编号" from passing for the number of a card.
_SERIAL = Field("serial", _("Running number"), ("序号", "编号", "登记号", "登记编号", "序", "行号", "No."))
_WHO = (
    Field("name", _("Name"), ("姓名", "党员姓名", "名字", "流动党员姓名", "人员姓名", "姓 名"), required=True),
    Field("sex", _("Sex"), ("性别",)),
    Field("born", _("Born"), ("出生年月", "出生日期", "出生年月日", "生日", "出生时间", "出生")),
    Field("nation", _("Nation"), ("民族", "族别")),
    Field("education", _("Education"), ("学历", "文化程度", "最高学历", "学历学位")),
    Field(
        "id_number", _("ID number"),
        ("身份证号码", "公民身份号码", "身份证号", "公民身份证号", "公民身份证号码", "身份证", "居民身份证号码", "证件号码"),
    ),
    Field(
        "phone", _("Phone"),
        ("联系电话", "手机", "手机号", "手机号码", "联系方式", "电话", "本人电话", "电话号码", "本人联系电话", "移动电话"),
    ),
    Field("other_phone", _("Other phone"), ("固定电话", "备用电话", "座机", "家庭电话", "其他联系方式", "第二联系电话")),
    Field("joined", _("Joined the Party"), ("入党时间", "入党日期", "加入党组织日期", "入党年月", "加入党组织时间")),
    Field("member_kind", _("Kind of member"), ("党员类别", "人员类别", "党员类型", "正式或预备", "党员身份")),
    Field("card_no", _("Activity card no."), ("流动党员活动证编号", "流动证号", "活动证号", "流动党员活动证号", "证书编号", "活动证编号")),
    Field("remark", _("Remark"), ("备注", "说明", "其他")),
)  # fmt: skip
_TRADE = (
    "从业情况",
    "职业",
    "现从事职业",
    "从事职业",
    "从业领域",
    "行业",
    "从事行业",
    "原职业",
    "工作岗位",
    "从业类型",
)

FIELDS: dict[str, tuple[Field, ...]] = {
    Import.Kind.DEPARTURES: (
        _SERIAL, *_WHO[:8],
        Field(
            "home", _("Branch"),
            ("所在党支部", "所在支部", "所属党组织", "所在党组织", "组织关系所在党支部", "党支部", "组织关系所在地",
             "流出党组织名称", "流出党组织", "所属党支部", "隶属党组织", "支部名称", "流出地党组织"),
        ),
        Field("town", _("Township"), ("所在乡镇", "乡镇", "乡镇街道", "所属乡镇", "流出乡镇", "户籍乡镇", "乡（镇、街道）")),
        Field("moved", _("Left on"), ("外出时间", "流出日期", "流出时间", "外出日期", "离开时间", "流动时间")),
        Field(
            "destination", _("Destination"),
            ("外出地点", "流动去向", "流入地", "外出去向", "去向", "外出地址", "流入地址", "现居住地", "现住址", "务工地点", "外出流向"),
        ),
        # "外出流向" is the place in some rosters and its kind in others, see `place_kinds`: alone it is read as the
        # destination, beside any other column of places as the kind.
        Field(
            "place_kind", _("Kind of place gone to"),
            ("外出流向类别", "外出流向类型", "流向类别", "流向类型", "流出流向", "外出去向类别", "流动流向", "流出去向类别", "流动去向类别",
             "去向类别", "去向类型", "外出流向代码", "外出流向"),
        ),
        Field("reason", _("Reason for leaving"), ("外出原因", "流动原因", "外出事由", "流出原因")),
        Field("trade", _("Trade"), _TRADE),
        Field("dues", _("Dues paid to"), ("党费缴至", "党费交至", "党费缴纳至", "党费交纳至", "党费缴纳情况")),
        *_WHO[8:],
    ),
    Import.Kind.ARRIVALS: (
        _SERIAL, *_WHO[:8],
        Field(
            "address", _("Address"),
            ("现居住地", "现住址", "居住地址", "家庭住址", "现居住地址", "住址", "详细地址", "居住地", "流入地址", "暂住地址"),
        ),
        Field("community", _("Community"), ("所属社区", "所在社区", "社区", "居住社区", "流入社区", "社区（村）", "所属村居")),
        Field("employer", _("Employer"), ("工作单位及职务", "工作单位", "单位", "现工作单位", "就业单位")),
        Field("trade", _("Trade"), _TRADE),
        Field("skill", _("Skill"), ("特长", "技能", "专长", "技能特长", "个人特长")),
        Field(
            "home", _("Origin"),
            ("组织关系所在地", "组织关系所在党支部", "原所在党支部", "流出地党组织", "原党组织名称", "所在党支部", "组织关系所在单位",
             "原所在党组织", "流出地", "来自", "组织关系", "所在党组织", "流出党组织名称", "原所在地"),
        ),
        Field("moved", _("Arrived on"), ("流入时间", "流入日期", "来本地时间", "到达时间", "报到时间", "进城时间")),
        Field("volunteers", _("Willing to volunteer"), ("是否愿意参加志愿服务", "志愿服务意愿", "是否志愿者", "愿意参加志愿服务")),
        Field("hardship", _("In hardship"), ("是否困难党员", "困难党员", "是否困难", "生活困难")),
        Field("registered", _("Registered on"), ("登记时间", "登记日期", "填表时间", "报到登记时间")),
        *_WHO[8:],
    ),
}  # fmt: skip


def synonyms(kind: str) -> dict[str, list[str]]:
    """Titles by field key, as `sheets.reading.peek` takes them."""
    return {field.key: list(field.synonyms) for field in FIELDS[kind]}


def labels(kind: str) -> dict[str, str]:
    """Labels by field key."""
    return {field.key: field.label for field in FIELDS[kind]}
