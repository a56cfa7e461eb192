import django.db.models.deletion
import waystation.kernel.fields
import waystation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contacts", "0001_initial"),
        ("organizations", "0001_initial"),
        ("people", "0002_index_only_merged_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("visit", "Home visit"),
                            ("met", "Met elsewhere"),
                            ("phone", "Phone"),
                            ("wechat", "WeChat"),
                            ("qq", "QQ"),
                            ("sms", "SMS"),
                            ("meeting", "Meeting or activity"),
                            ("family", "Through the family"),
                            ("other", "Another way"),
                        ],
                        max_length=16,
                        verbose_name="Channel",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("not_reached", "Not reached"),
                            ("through_others", "Heard of through others"),
                        ],
                        max_length=16,
                        verbose_name="Outcome",
                    ),
                ),
                ("is_real", models.BooleanField()),
                ("contacted_on", models.DateField()),
                ("spoken_by", models.CharField(max_length=100, verbose_name="Who spoke")),
                ("companions", models.CharField(blank=True, default="", max_length=100, verbose_name="Together with")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="Note")),
                ("sealed_note", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("needs", waystation.kernel.fields.SealedField(blank=True, editable=False, null=True)),
                ("follow_up_on", models.DateField(null=True)),
                ("meeting", models.UUIDField(null=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("desk", "Entered by hand"), ("five", "Weekly five"), ("link", "Weekly link")],
                        default="desk",
                        max_length=8,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("struck_at", models.DateTimeField(null=True)),
                ("strike_reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_real", False), ("outcome", "reached"), _connector="OR"),
                        name="real_contact_reached_the_member",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "family"), _negated=True),
                            models.Q(("outcome", "reached"), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_is_reached_in_person_through_the_family",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactState",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="contact_state",
                        serialize=False,
                        to="people.person",
                    ),
                ),
                ("is_mobile", models.BooleanField(default=False)),
                ("last_real_on", models.DateField(null=True)),
                ("last_any_on", models.DateField(null=True)),
                ("last_visit_on", models.DateField(null=True)),
                ("quiet_since", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_mobile", True)), fields=["quiet_since", "person"], name="state_quiet"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_mobile", False), ("quiet_since__isnull", False), _connector="OR"),
                        name="mobile_member_has_a_day_to_count_from",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("talked", "Talked with"),
                            ("not_reached", "Could not reach"),
                            ("came_home", "Came home"),
                            ("phone_changed", "Phone changed"),
                            ("unknown", "Do not know this person"),
                        ],
                        max_length=16,
                    ),
                ),
                ("answered_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LinkQuestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="LostContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("searching", "Stage one: searching"),
                            ("suspended", "Stage two: membership suspended"),
                            ("found", "Found again"),
                            ("removed", "Removed as having left the Party"),
                            ("mistaken", "Reported by mistake"),
                        ],
                        default="searching",
                        max_length=16,
                    ),
                ),
                (
                    "situation",
                    models.CharField(
                        choices=[
                            ("1", "① Away for work or business"),
                            ("2", "② Employer restructured or bankrupt"),
                            ("3", "③ Whereabouts unknown after graduation"),
                            ("4", "④ Changed employer"),
                            ("5", "⑤ Went abroad"),
                            ("6", "⑥ Changed residence"),
                            ("7", "⑦ Other"),
                        ],
                        max_length=1,
                        verbose_name="Situation",
                    ),
                ),
                ("lost_since", models.DateField(verbose_name="Lost since")),
                ("reported_at", models.DateTimeField()),
                ("suspended_on", models.DateField(null=True)),
                ("suspension_document", models.CharField(blank=True, default="", max_length=60)),
                ("suspended_at", models.DateTimeField(null=True)),
                ("removed_on", models.DateField(null=True)),
                ("removal_document", models.CharField(blank=True, default="", max_length=60)),
                ("removed_at", models.DateTimeField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closing_note", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "searching"), ("suspended_on", None)),
                            models.Q(("removed_on", None), ("state", "suspended"), ("suspended_on__isnull", False)),
                            models.Q(
                                ("removed_on__isnull", False), ("state", "removed"), ("suspended_on__isnull", False)
                            ),
                            models.Q(("removed_on", None), ("state__in", ["found", "mistaken"])),
                            _connector="OR",
                        ),
                        name="stages_of_a_lost_case_come_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("family", "Family and relatives"),
                            ("friends", "Friends and fellow villagers"),
                            ("employer", "Employer"),
                            ("community", "Community of the last address"),
                            ("police", "Police station"),
                            ("origin", "Branch at home"),
                            ("notice", "Public announcement"),
                            ("other", "Another way"),
                        ],
                        max_length=16,
                        verbose_name="Way of searching",
                    ),
                ),
                ("searched_on", models.DateField(verbose_name="Date")),
                ("result", models.CharField(max_length=200, verbose_name="What came of it")),
                ("recorded_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="WeeklyDue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("week", models.DateField()),
                ("place", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Open"),
                            ("phoned", "Spoken on the phone"),
                            ("met", "Met in person"),
                            ("visited", "Visited at home"),
                            ("not_reached", "Not reached"),
                            ("planned", "Visit planned"),
                            ("needs_help", "Needs help"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("place__lte", 5)), name="at_most_five_a_week_and_grid"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=waystation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reader", models.CharField(max_length=100)),
                ("token_hash", waystation.kernel.fields.KeyField(max_length=64, unique=True)),
                ("digits_hash", waystation.kernel.fields.KeyField(max_length=64)),
                ("tries_left", models.PositiveSmallIntegerField()),
                ("opened", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries_left__gt", 0), ("closed_at__isnull", False), _connector="OR"),
                        name="weekly_link_without_tries_is_closed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyMark",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("", "Open"),
                            ("phoned", "Spoken on the phone"),
                            ("met", "Met in person"),
                            ("visited", "Visited at home"),
                            ("not_reached", "Not reached"),
                            ("planned", "Visit planned"),
                            ("needs_help", "Needs help"),
                        ],
                        max_length=16,
                    ),
                ),
                ("tapped_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome", ""), _negated=True), name="mark_says_something"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="excuse",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="excuse",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="excuse",
            name="ending_reason",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="excuse",
            name="recorded_for",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="excuse",
            name="review_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="excuse",
            index=models.Index(condition=models.Q(("ends_on", None)), fields=["review_on"], name="excuse_review"),
        ),
        migrations.AddField(
            model_name="contact",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="recorded_for",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="contact",
            name="struck_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contact",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="linkanswer",
            name="contact",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="link_answer",
                to="contacts.contact",
            ),
        ),
        migrations.AddField(
            model_name="linkquestion",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="linkanswer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="contacts.linkquestion"
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lost_cases", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="recorded_for",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="removed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="reported_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="suspended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="lostcontact",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="searchstep",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="contacts.lostcontact"
            ),
        ),
        migrations.AddField(
            model_name="searchstep",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="weeklydue",
            name="grid",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="weekly_dues", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="weeklydue",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="weekly_dues", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="weeklydue",
            name="recorded_for",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="weeklylink",
            name="branch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="weekly_links", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="weeklylink",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="weeklylink",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="weeklylink",
            name="sender",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organizations.unit"
            ),
        ),
        migrations.AddField(
            model_name="linkquestion",
            name="link",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="contacts.weeklylink"
            ),
        ),
        migrations.AddField(
            model_name="weeklymark",
            name="contact",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mark", to="contacts.contact"
            ),
        ),
        migrations.AddField(
            model_name="weeklymark",
            name="due",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="contacts.weeklydue"
            ),
        ),
        migrations.AddField(
            model_name="weeklymark",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["person", "contacted_on"], name="contact_person"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("strike_reason", ""), ("struck_at", None), ("struck_by", None)),
                    models.Q(
                        ("struck_at__isnull", False),
                        ("struck_by__isnull", False),
                        models.Q(("strike_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="contact_is_struck_out_with_a_reason_or_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkanswer",
            constraint=models.UniqueConstraint(fields=("question", "kind"), name="each_button_works_once"),
        ),
        migrations.AddConstraint(
            model_name="lostcontact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on", None)), fields=("person",), name="one_open_lost_case_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="lostcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at", None),
                        ("closed_by", None),
                        ("closed_on", None),
                        ("state__in", ["searching", "suspended"]),
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("closed_on__isnull", False),
                        ("state__in", ["found", "removed", "mistaken"]),
                        models.Q(("closing_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lost_case_is_open_or_closed_with_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="lostcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("suspended_at", None),
                        ("suspended_by", None),
                        ("suspended_on", None),
                        ("suspension_document", ""),
                    ),
                    models.Q(
                        ("suspended_at__isnull", False),
                        ("suspended_by__isnull", False),
                        ("suspended_on__isnull", False),
                        models.Q(("suspension_document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="suspension_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="lostcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("removal_document", ""), ("removed_at", None), ("removed_by", None), ("removed_on", None)
                    ),
                    models.Q(
                        ("removed_at__isnull", False),
                        ("removed_by__isnull", False),
                        ("removed_on__gt", models.F("suspended_on")),
                        ("suspended_on__isnull", False),
                        models.Q(("removal_document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="removal_is_whole_and_follows_a_suspension",
            ),
        ),
        migrations.AddConstraint(
            model_name="lostcontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("suspended_by", None),
                        models.Q(("suspended_by", models.F("reported_by")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("removed_by", None),
                        models.Q(("removed_by", models.F("reported_by")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="who_reported_a_lost_member_never_decides",
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklydue",
            constraint=models.UniqueConstraint(fields=("grid", "week", "place"), name="one_place_a_week_and_grid"),
        ),
        migrations.AddConstraint(
            model_name="weeklydue",
            constraint=models.UniqueConstraint(fields=("grid", "week", "person"), name="nobody_twice_in_a_week"),
        ),
        migrations.AddConstraint(
            model_name="weeklylink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None), ("revoked_at", None)),
                fields=("branch", "sender"),
                name="one_open_weekly_link_a_branch_and_sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="weeklylink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at", None), ("revoked_by", None)),
                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                    _connector="OR",
                ),
                name="weekly_link_revocation_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkquestion",
            constraint=models.UniqueConstraint(fields=("link", "person"), name="one_question_about_a_person_a_link"),
        ),
    ]
