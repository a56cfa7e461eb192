"""What the city gives a station, and how far its county matches it."""

from django.utils.translation import gettext_lazy as _

from waystation.kernel import dated

CITY_GRANT = "funds.city_grant"
COUNTY_MATCH = "funds.county_match"

dated.declare(
    CITY_GRANT,
    100_000,
    unit=_("yuan a station and year"),
    title=_("The city's grant to an in-town station"),
    source="宁德市委组织部：每个党建工作站给予10万元建设补助经费",
)
dated.declare(
    COUNTY_MATCH,
    100,
    unit=_("percent of the city's grant"),
    title=_("What the county adds to the city's grant"),
    source="宁德：各地从财政中予以配套补助；比例无统一规定，本系统默认1:1",
)
