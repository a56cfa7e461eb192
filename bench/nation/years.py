"""Five years of what happens to them, app by app; `drawn` says who is in care and where."""

from __future__ import annotations

from bench.nation.laying import lay, run, told
from bench.nation.people import CARE
from bench.nation.units import Nation

AUDIT_A_PERSON = 6
CONTACTS_A_YEAR = 1
OCCASIONS_A_YEAR = 20
WEEKS = 26
KINDS = ("life", "talk", "education", "appraisal", "service", "contact", "dues")
_DAY = "interval '1 day'"


def lay_years(nation: Nation) -> None:
    """Lay the records of all years."""
    run("CREATE TEMP TABLE acting AS SELECT"
        " (array_agg(id ORDER BY username))[1] AS one, (array_agg(id ORDER BY username))[2] AS two,"
        " (array_agg(id ORDER BY username))[3] AS three FROM accounts_user WHERE username LIKE 'staff-%'")  # fmt: skip
    for what, parts in (
        ("duty sheets", _duties), ("contacts", _contacts), ("organization life and learning", _education),
        ("dues", _dues), ("appraisals", _appraisals), ("rotas and open items", _duty), ("audit", _audit),
    ):  # fmt: skip
        with told(what):
            parts(nation)


def _duties(nation: Nation) -> None:
    kinds = ", ".join(f"('{kind}')" for kind in KINDS)
    at_home = "k.kind = 'dues'"
    lay(
        "duties_duty",
        f"people_stay s JOIN drawn n ON n.id = s.person_id, (VALUES {kinds}) AS k (kind)",
        stay_id="s.id", kind="k.kind", starts_on="s.starts_on", took_effect_at="s.opened_at",
        unit_id=f"CASE WHEN {at_home} THEN n.branch_id ELSE n.station_id END",
        unit_path=f"CASE WHEN {at_home} THEN n.branch_path ELSE n.station_path END",
    )  # fmt: skip


def _contacts(nation: Nation) -> None:
    number = nation.years * CONTACTS_A_YEAR
    day = f"current_date - ((n.n * 7 + k * 365 / {CONTACTS_A_YEAR}) % ({nation.years} * 365))"
    reached = "(n.n + k) % 4 > 0"
    lay(
        "contacts_contact", f"drawn n, generate_series(1, {number}) AS k, acting WHERE {CARE}",
        id=f"pg_temp.id_at(({day})::timestamptz)", person_id="n.id", recorded_for_id="n.id", unit_id="n.station_id",
        channel="CASE WHEN k % 5 = 0 THEN 'visit' ELSE 'phone' END", contacted_on=day,
        outcome=f"CASE WHEN {reached} THEN 'reached' ELSE 'not_reached' END", is_real=reached, source="'desk'",
        spoken_by="'工作人员1'", recorded_by_id="acting.one",
    )  # fmt: skip
    last = (
        "(SELECT person_id, max(contacted_on) FILTER (WHERE is_real) AS last_real, max(contacted_on) AS last_any"
        " FROM contacts_contact GROUP BY person_id) AS c"
    )
    lay(
        "contacts_contactstate", f"people_stay s JOIN drawn n ON n.id = s.person_id LEFT JOIN {last} USING (person_id)",
        person_id="s.person_id", is_mobile="s.ends_on IS NULL", last_real_on="c.last_real", last_any_on="c.last_any",
        quiet_since="greatest(s.starts_on, c.last_real)",
        station_id="CASE WHEN s.ends_on IS NULL THEN s.station_id END",
    )  # fmt: skip
    ranked = (
        "(SELECT n.id, n.grid_id, row_number() OVER (PARTITION BY n.grid_id ORDER BY n.n) AS r FROM drawn n"
        f" WHERE {CARE}) AS m"
    )
    monday = "date_trunc('week', current_date)::date"
    lay(
        "contacts_weeklydue", f"{ranked}, generate_series(1, {WEEKS}) AS w WHERE m.r BETWEEN w * 5 + 1 AND w * 5 + 5",
        id="gen_random_uuid()", person_id="m.id", recorded_for_id="m.id", grid_id="m.grid_id", place="m.r - w * 5",
        week=f"{monday} - w * 7", reasons="'[]'::jsonb", outcome="'phoned'",
    )  # fmt: skip


def _education(nation: Nation) -> None:
    day = f"(current_date - ((o * {365 // OCCASIONS_A_YEAR}) % ({nation.years} * 365)))"
    lay(
        "education_occasion",
        f"organizations_unit s, generate_series(1, {OCCASIONS_A_YEAR * nation.years}) AS o, acting"
        " WHERE s.kind = 'station'",
        id=f"pg_temp.id_at({day}::timestamptz)", unit_id="s.id", unit_path="s.path", state="'held'", held_on=day,
        kind="CASE WHEN o % 4 = 0 THEN 'lecture' ELSE 'theme_day' END", hours="2.0", topic="'主题党日' || o",
        expected="100", present="80", on_leave="15", absent="5", closed_at="now()", closed_by_id="acting.one",
    )  # fmt: skip
    run("CREATE TEMP TABLE held AS SELECT id, unit_id, held_on,"
        " row_number() OVER (PARTITION BY unit_id ORDER BY held_on) AS o FROM education_occasion")  # fmt: skip
    there = f"drawn n JOIN held h ON h.unit_id = n.station_id AND h.o % 25 = n.n % 25, acting WHERE {CARE}"
    lay(
        "education_attendance", there,
        id="gen_random_uuid()", occasion_id="h.id", person_id="n.id", recorded_for_id="n.id", mark="'present'",
        marked_at="now()", marked_by_id="acting.one",
    )  # fmt: skip
    lay(
        "education_learningrecord", there,
        id="gen_random_uuid()", occasion_id="h.id", person_id="n.id", recorded_for_id="n.id", source="'occasion'",
        state="'confirmed'", learnt_on="h.held_on", year="extract(year FROM h.held_on)", hours="2.0",
        title="'主题党日'", decided_at="now()", decided_by_id="acting.one",
    )  # fmt: skip
    sums = "(SELECT person_id, year, sum(hours) AS hours FROM education_learningrecord GROUP BY person_id, year) AS t"
    lay("education_yeartotal", sums, id="gen_random_uuid()", person_id="t.person_id", year="t.year", hours="t.hours")


def _dues(nation: Nation) -> None:
    lay(
        "dues_duesbase", f"drawn n, acting WHERE {CARE}",
        id="gen_random_uuid()", person_id="n.id", original_id="n.id", category="'farmer'", basis="'2008'",
        starts_on="date_trunc('year', current_date)::date", recorded_by_id="acting.one",
    )  # fmt: skip
    month = "(date_trunc('year', current_date) - y * interval '1 year')::date"
    lay(
        "dues_duesentry", f"drawn n, generate_series(1, {nation.years}) AS y, acting WHERE {CARE}",
        id="gen_random_uuid()", person_id="n.id", original_id="n.id", unit_id="n.branch_id", amount="1200",
        paid_on=month, first_month=month, last_month=f"({month} + interval '11 months')::date",
        recorded_by_id="acting.one",
    )  # fmt: skip
    lay(
        "dues_duesstanding", f"drawn n WHERE {CARE}",
        person_id="n.id", since="date_trunc('year', current_date)::date",
        owes_from="(date_trunc('month', current_date) - (n.n % 5) * interval '1 month')::date",
    )  # fmt: skip


def _appraisals(nation: Nation) -> None:
    year = "extract(year FROM current_date)::int - y"
    ended = "y > 0"
    lay(
        "appraisals_appraisalround",
        f"organizations_unit s, generate_series(0, {nation.years - 1}) AS y, acting WHERE s.kind = 'station'",
        id="gen_random_uuid()", unit_id="s.id", unit_path="s.path", year=year, title=f"({year}) || '年度民主评议'",
        mutual="'none'", weight_self="20", weight_station="40", weight_origin="40", excellent_from="90",
        qualified_from="75", basic_from="60", cutoff_on="current_date - y * 365 - 30", reply_days="7",
        due_on="current_date - y * 365 + 30", state=f"CASE WHEN {ended} THEN 'closed' ELSE 'scoring' END",
        **{f"{step}_at": "now()" for step in ("published", "opened")},
        **{f"{step}_by_id": "acting.one" for step in ("published", "opened")},
        **{f"{step}_at": f"CASE WHEN {ended} THEN now() END" for step in ("unsealed", "replies", "decided", "closed")},
        **{f"{step}_by_id": f"CASE WHEN {ended} THEN acting.three END"
           for step in ("unsealed", "replies", "decided", "closed")},
        reply_until=f"CASE WHEN {ended} THEN current_date - y * 365 + 40 END",
    )  # fmt: skip
    past = "r.state = 'closed'"
    decided = f"{past} AND n.n % 50 > 0"
    lay(
        "appraisals_appraisal",
        "people_stay s JOIN drawn n ON n.id = s.person_id"
        " JOIN appraisals_appraisalround r ON r.unit_id = s.station_id AND s.starts_on <= r.cutoff_on, acting"
        " WHERE s.ends_on IS NULL",
        id="gen_random_uuid()", round_id="r.id", person_id="n.id", stay_id="s.id", station_id="n.station_id",
        station_path="n.station_path", origin_id="n.branch_id", origin_path="n.branch_path",
        is_probationary="n.n % 50 = 0", points=f"CASE WHEN {past} THEN 80 END",
        proposed_grade=f"CASE WHEN {decided} THEN 'qualified' ELSE '' END",
        proposed_at=f"CASE WHEN {decided} THEN now() END", proposed_by_id=f"CASE WHEN {decided} THEN acting.one END",
        reply_until=f"CASE WHEN {decided} THEN r.reply_until END",
        grade=f"CASE WHEN {decided} THEN 'qualified' ELSE '' END",
        decided_on=f"CASE WHEN {decided} THEN r.reply_until + 1 END", decided_at=f"CASE WHEN {decided} THEN now() END",
        decided_by_id=f"CASE WHEN {decided} THEN acting.three END",
    )  # fmt: skip
    lay(
        "appraisals_assessment",
        "appraisals_appraisal a JOIN appraisals_appraisalround r ON r.id = a.round_id AND r.state = 'scoring',"
        " (VALUES ('station'), ('origin')) AS side (side)",
        id="gen_random_uuid()", appraisal_id="a.id", round_id="a.round_id", person_id="a.person_id", side="side.side",
        is_required="true", unit_path="CASE side.side WHEN 'station' THEN a.station_path ELSE a.origin_path END",
    )  # fmt: skip


def _duty(nation: Nation) -> None:
    lay(
        "duty_posting",
        "accounts_user u WHERE u.username LIKE 'staff-%'",
        id="gen_random_uuid()", user_id="u.id", station_id="split_part(u.username, '-', 2)::bigint", kind="'full_time'",
        windows="'[]'::jsonb", most_week="5", most_month="22", starts_on=f"current_date - {nation.years * 365}",
    )  # fmt: skip
    lay(
        "duty_rota",
        f"organizations_unit s, generate_series(0, {nation.years * 12}) AS m, acting WHERE s.kind = 'station'",
        id="gen_random_uuid()", station_id="s.id", state="'published'", published_at="now()",
        published_by_id="acting.one", made_at="now()",
        month="(date_trunc('month', current_date) - m * interval '1 month')::date",
    )  # fmt: skip
    begins = "(r.month + d)::timestamptz + half * interval '5 hours' + interval '9 hours'"
    closed = "(r.month + d) < current_date"
    lay(
        "duty_shift",
        "duty_rota r, generate_series(0, 27) AS d, generate_series(0, 1) AS half, acting"
        " WHERE extract(isodow FROM r.month + d) < 6",
        id="gen_random_uuid()", rota_id="r.id", station_id="r.station_id", day="r.month + d",
        name="CASE half WHEN 0 THEN '上午班' ELSE '下午班' END", starts_at=begins,
        ends_at=f"{begins} + interval '3 hours'",
        staff="1", windows="'[]'::jsonb", opened_at=f"CASE WHEN {closed} THEN {begins} END",
        closed_at=f"CASE WHEN {closed} THEN {begins} + interval '3 hours' END",
        closed_by_id=f"CASE WHEN {closed} THEN acting.one END",
    )  # fmt: skip
    posted = (
        "(SELECT *, row_number() OVER (PARTITION BY station_id ORDER BY user_id) - 1 AS place FROM duty_posting) AS p"
    )
    lay(
        "duty_turn",
        f"duty_shift s JOIN {posted} ON p.station_id = s.station_id"
        " AND p.place = (extract(doy FROM s.day)::int + extract(hour FROM s.starts_at)::int) % 4",
        id="gen_random_uuid()", shift_id="s.id", posting_id="p.id", user_id="p.user_id", starts_at="s.starts_at",
        published_at="s.starts_at", checked_in_at="s.opened_at", checked_out_at="s.closed_at",
    )  # fmt: skip
    done = "n.n % 8 > 0"
    lay(
        "duty_openitem", f"drawn n, acting WHERE {CARE}",
        id="pg_temp.id_at(now() - n.days * interval '1 day')", unit_id="n.station_id", unit_path="n.station_path",
        topic="'contact'", title="'回访'", due_on="current_date - (n.n % 60) + 20",
        done_at=f"CASE WHEN {done} THEN now() END", done_by_id=f"CASE WHEN {done} THEN acting.one END",
        outcome=f"CASE WHEN {done} THEN '已回访' ELSE '' END",
    )  # fmt: skip


def _audit(nation: Nation) -> None:
    """Events as wide as real ones; the chain goes on from the last."""
    lay(
        "kernel_auditevent", f"people_person p, generate_series(1, {AUDIT_A_PERSON}) AS n",
        number="row_number() OVER (ORDER BY n, p.id) + (SELECT coalesce(max(number), 0) FROM kernel_auditevent)",
        at=f"now() - (n.n * {nation.years * 365 // AUDIT_A_PERSON}) * {_DAY}", actor_label="'工作人员'",
        role="'station_officer'", verb="'person.opened'", object_label="'people.person'", object_pk="p.id::text",
        unit_path="p.home_path", result="'done'", hash="md5(p.id::text) || md5(n::text)",
        prev_hash="md5(n::text) || md5(p.id::text)",
    )  # fmt: skip
    run("DELETE FROM kernel_audithead")
    lay("kernel_audithead", "kernel_auditevent ORDER BY number DESC LIMIT 1", id="1", number="number", hash="hash")
