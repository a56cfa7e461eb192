"""Who and what the demonstration shows. The places are real; every person, address and telephone
number is invented."""

from __future__ import annotations

from dataclasses import dataclass

# In every county the subdistricts of its town, or the seat town where there are none.
SEATS = frozenset(
    {
        "350902001",
        "350902002",
        "350921001",
        "350921002",
        "350921003",
        "350922001",
        "350922002",
        "350923100",
        "350924100",
        "350925100",
        "350926100",
        "350981001",
        "350981002",
        "350981003",
        "350981004",
        "350982001",
        "350982002",
        "350982003",
    }
)


@dataclass(frozen=True)
class StationPlan:
    """A station to open: `key` begins the sign-in names of its staff, `parent` and `host` are
    codes of divisions, `serves` those of the towns whose communities it serves."""

    key: str
    name: str
    kind: str
    parent: str
    host: str
    serves: tuple[str, ...]
    address: str
    phone: str
    hours: str
    grids: int


_WEEK = "周一至周五 8:30–12:00，14:30–17:30"
_WEEK_AND_SATURDAY = "周一至周五 8:30–12:00，14:30–17:30；周六 9:00–11:30"


def _centre(key, county, code, host, serves, number, grids):
    return StationPlan(
        key=key,
        name=f"{county}流动党员管理服务中心",
        kind="county_centre",
        parent=code,
        host=host,
        serves=serves,
        address=f"驿站路{number}号党群服务中心一楼",
        phone=f"0593-00001{number:02d}",
        hours=_WEEK_AND_SATURDAY,
        grids=grids,
    )


def _township(key, county, town, code, host, number):
    return StationPlan(
        key=key,
        name=f"{county}{town}驻城党建工作站",
        kind="township",
        parent=code,
        host=host,
        serves=(host,),
        address=f"驿站路{number}号二楼",
        phone=f"0593-00001{number:02d}",
        hours=_WEEK,
        grids=2,
    )


STATIONS = (
    _centre(
        "fuding",
        "福鼎市",
        "350982",
        "350982001",
        ("350982001", "350982002", "350982003"),
        number=11,
        grids=8,
    ),
    _centre("gutian", "古田县", "350922", "350922002", ("350922001", "350922002"), number=12, grids=7),
    _centre(
        "xiapu",
        "霞浦县",
        "350921",
        "350921001",
        ("350921001", "350921002", "350921003"),
        number=13,
        grids=7,
    ),
    _centre(
        "fuan",
        "福安市",
        "350981",
        "350981002",
        ("350981001", "350981002", "350981003", "350981004"),
        number=14,
        grids=7,
    ),
    _centre(
        "jiaocheng",
        "蕉城区",
        "350902",
        "350902001",
        ("350902001", "350902002"),
        number=15,
        grids=6,
    ),
    _township("dieshi", "福鼎市", "叠石乡", "350982201", "350982001", 21),
    _township("panyang", "古田县", "泮洋乡", "350922203", "350922001", 22),
    _township("fankeng", "福安市", "范坑乡", "350981202", "350981003", 23),
    _township("xiling", "屏南县", "熙岭乡", "350923203", "350923100", 24),
    _township("xiadang", "寿宁县", "下党乡", "350924209", "350924100", 25),
    _township("chunchi", "周宁县", "纯池镇", "350925105", "350925100", 26),
    _township("yingshan", "柘荣县", "英山乡", "350926206", "350926100", 27),
)


@dataclass(frozen=True)
class Account:
    """A user to open: sign-in name, invented name, role, and the unit of the mandate as a word
    that `world` understands ("city", "division:<code>", "branch:<code>", "station:<key>",
    "grid:<key>:<number>"). `is_shown`: offered for one-click switching."""

    username: str
    full_name: str
    role: str
    unit: str
    is_shown: bool = False


# The people whom the demonstration introduces; the others are filled in by `world`.
CAST = (
    Account("city", "陈国栋", "city_organiser", "city", True),
    Account("fuding", "王晓敏", "county_organiser", "division:350982", True),
    Account("fuding.head", "雷建国", "station_head", "station:fuding", True),
    Account("fuding.officer", "林晓燕", "station_officer", "station:fuding", True),
    Account("fuding.officer2", "吴志强", "station_officer", "station:fuding"),
    Account("fuding.grid3", "蓝凤娇", "grid_leader", "grid:fuding:3", True),
    Account("dieshi", "谢永福", "township_organiser", "division:350982201", True),
    Account("zhuyang", "钟茂林", "branch_secretary", "branch:350982201202", True),
    Account("guojian", "李秀琴", "branch_secretary", "branch:350982107208"),
    Account("dieshi.head", "郑丽芳", "station_head", "station:dieshi"),
    Account("longshan", "潘玉珍", "destination_contact", "division:350982002001", True),
    Account("gutian", "张文辉", "county_organiser", "division:350922"),
    Account("gutian.head", "余淑英", "station_head", "station:gutian"),
    Account("gutian.officer", "黄志斌", "station_officer", "station:gutian", True),
    Account("panyang", "丁木生", "township_organiser", "division:350922203"),
    Account("panyang.branch", "魏长根", "branch_secretary", "branch:350922203201"),
    Account("xiapu", "徐海峰", "county_organiser", "division:350921", True),
    Account("xiapu.county2", "卓文斌", "county_organiser", "division:350921"),
    Account("xiapu.head", "罗春生", "station_head", "station:xiapu", True),
    Account("xiapu.officer", "曾美华", "station_officer", "station:xiapu", True),
    Account("xiapu.officer2", "江小军", "station_officer", "station:xiapu", True),
    Account("xiapu.grid1", "何秀梅", "grid_leader", "grid:xiapu:1", True),
    Account("baiyang", "汤国华", "township_organiser", "division:350921203", True),
    Account("baiyang.branch", "缪家旺", "branch_secretary", "branch:350921203201", True),
    Account("xibian.branch", "毛金水", "branch_secretary", "branch:350921202201"),
    Account("chongru.branch", "钟德福", "branch_secretary", "branch:350921202207"),
    Account("shuimen.branch", "夏长青", "branch_secretary", "branch:350921201201"),
    Account("qiaotou.branch", "翁宝珠", "branch_secretary", "branch:350921201206"),
    Account("yantian.branch", "俞大海", "branch_secretary", "branch:350921200201"),
    Account("longjin", "沈月英", "destination_contact", "division:350921001001"),
    Account("member", "陈丽", "member", "branch:350921203201", True),
    Account("system", "周启明", "system_admin", "city", True),
    Account("security", "许文静", "security_admin", "city", True),
    Account("audit", "何正平", "audit_admin", "city", True),
)

# The member's own file: a resident card number of the right form that belongs to nobody, because
# its sequence number 000 is never issued.
MEMBER = {
    "full_name": "陈丽",
    "born": "1985-08-12",
    "sex": "female",
    "nation": "汉族",
    "joined": "2009-07-01",
    "trade": "餐饮服务",
    "home_text": "霞浦县柏洋乡柏洋村党支部",
    "address": "霞浦县松城街道龙津社区",
}
