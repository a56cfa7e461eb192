import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.kernel.sealed_rows import Secret, make_table
from waystation.kernel import keyring, rekeying, sealing
from waystation.kernel.fields import NotSealed, prefix_q
from waystation.kernel.sealed_streams import SealedWriter, unseal_stream

NUMBER, PHONE = "35090219900307123X", "13800138000"
NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)


@pytest.fixture
def keys(settings, tmp_path):
    """A key file of the test's own, because it adds and drops keys."""
    settings.KEY_FILE = tmp_path / "keys.json"
    return settings.KEY_FILE


@pytest.fixture
def table(db):
    make_table()


def a_row(**values):
    row = Secret()
    for name, text in (values or {"id_number": NUMBER, "phone": PHONE}).items():
        sealing.seal(row, name, text)
    return row


@pytest.mark.parametrize("cipher", ["aes", "sm"])
def test_a_sealed_field_opens_again_and_shows_nothing(keys, settings, cipher):
    settings.CIPHER = cipher

    row = a_row(id_number=NUMBER)

    assert sealing.unseal(row, "id_number") == NUMBER
    assert row.id_number.split("|")[:2] == [
        {"aes": "v1", "sm": "v1sm"}[cipher],
        keyring.keyring().current,
    ]
    assert NUMBER not in row.id_number
    assert a_row(id_number=NUMBER).id_number != row.id_number


def test_both_ciphers_stay_readable_after_the_setting_changes(keys, settings):
    settings.CIPHER = "aes"
    old = a_row(id_number="汉字𠮷")
    settings.CIPHER = "sm"
    new = a_row(id_number="汉字𠮷")

    assert [sealing.unseal(row, "id_number") for row in (old, new)] == ["汉字𠮷", "汉字𠮷"]


@pytest.mark.parametrize("cipher", ["aes", "sm"])
def test_a_token_moved_to_another_row_or_column_does_not_open(keys, settings, cipher):
    settings.CIPHER = cipher
    one, other = a_row(), a_row()
    one.id_number, other.id_number = other.id_number, one.id_number
    one.phone = a_row(id_number=PHONE).id_number

    for row, name in ((one, "id_number"), (other, "id_number"), (one, "phone")):
        with pytest.raises(sealing.Tampered):
            sealing.unseal(row, name)


@pytest.mark.parametrize("place", range(4))
def test_any_altered_part_of_a_token_does_not_open(keys, place):
    row = a_row(id_number=NUMBER)
    parts = row.id_number.split("|")
    start = parts[place][0]
    parts[place] = ("A" if start != "A" else "B") + parts[place][1:]
    row.id_number = "|".join(parts)

    with pytest.raises(sealing.Tampered):
        sealing.unseal(row, "id_number")


@pytest.mark.parametrize("text", [None, ""])
def test_nothing_to_seal_leaves_the_field_and_its_indexes_empty(keys, text):
    row = a_row()
    sealing.seal(row, "phone", text)

    assert (row.phone, row.phone_index, row.phone_last) == (None, None, None)
    assert sealing.unseal(row, "phone") is None


def test_a_sealed_column_refuses_clear_text(keys, table):
    row = Secret(id_number=NUMBER)

    with pytest.raises(NotSealed):
        row.save(force_insert=True)
    with pytest.raises(NotSealed):
        Secret._base_manager.filter(phone=PHONE).exists()


def test_a_row_is_found_by_its_index_in_any_spelling_that_means_the_same(keys, table):
    row = a_row(id_number=NUMBER.lower())
    row.save(force_insert=True)

    found = Secret._base_manager.filter(id_index__in=sealing.blinds("id_number", NUMBER))

    assert [held.pk for held in found] == [row.pk]


def test_indexes_of_different_labels_and_keys_differ(keys):
    first = sealing.blind("phone", PHONE)
    keyring.add_key()

    assert len({first, sealing.blind("phone", PHONE), sealing.blind("other", PHONE)}) == 3
    assert first in sealing.blinds("phone", PHONE)
    assert sealing.blinds("phone", PHONE)[0] == sealing.blind("phone", PHONE)
    assert all(len(digest) <= 64 for digest in sealing.blinds("phone", PHONE))


def test_a_new_key_writes_while_the_old_one_still_reads(keys):
    old = a_row()
    kid = keyring.add_key()
    new = a_row()

    assert sealing.kid_of(new.phone) == ("aes", kid)
    assert [sealing.unseal(row, "phone") for row in (old, new)] == [PHONE, PHONE]


@pytest.mark.parametrize("ciphers", [("aes", "aes"), ("aes", "sm")])
def test_rekey_renews_fields_and_indexes_so_that_the_old_key_may_go(keys, settings, table, ciphers):
    settings.CIPHER = ciphers[0]
    old_kid = keyring.keyring().current
    rows = [a_row(phone=f"1380013{n:04}") for n in range(1203)]
    Secret._base_manager.bulk_create(rows)
    keyring.add_key()
    settings.CIPHER = ciphers[1]

    assert rekeying.rekey(Secret) == 1203
    keyring.drop_key(old_kid)

    held = {row.pk: row for row in Secret._base_manager.all()}
    assert [sealing.unseal(held[row.pk], "phone") for row in rows[::100]] == [
        f"1380013{n:04}" for n in range(0, 1203, 100)
    ]
    wanted = sealing.blind("phone_last4", "0700")
    assert [row.pk for row in held.values() if row.phone_last == wanted] == [rows[700].pk]
    assert rekeying.rekey(Secret) == 0


def test_rekey_continues_after_it_was_stopped(keys, table):
    Secret._base_manager.bulk_create([a_row() for _ in range(1100)])
    keyring.add_key()

    class Killed(Exception):
        pass

    def kill(done):
        if done == rekeying.CHUNK:
            raise Killed

    with pytest.raises(Killed):
        rekeying.rekey(Secret, kill)

    assert rekeying.rekey(Secret) == 600
    assert {sealing.unseal(row, "id_number") for row in Secret._base_manager.all()} == {NUMBER}


def test_rekey_stops_at_a_tampered_row_and_changes_nothing_of_its_chunk(keys, table):
    one, other = a_row(), a_row()
    one.phone, other.phone = other.phone, one.phone
    Secret._base_manager.bulk_create([one, other])
    kid = keyring.add_key()

    with pytest.raises(sealing.Tampered):
        rekeying.rekey(Secret)

    assert not Secret._base_manager.filter(id_number__contains=kid).exists()


def test_a_raw_look_at_the_table_shows_no_clear_value(keys, table):
    a_row().save(force_insert=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM test_secret")
        dump = json.dumps(cursor.fetchall(), default=str)

    for canary in (NUMBER, PHONE, NUMBER[::-1], NUMBER.encode().hex(), PHONE.encode().hex()):
        assert canary not in dump


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cipher", ["aes", "sm"])
def test_sealed_bytes_open_only_under_their_label(keys, settings, cipher):
    settings.CIPHER = cipher
    sealed = sealing.seal_bytes("one", b"content")

    assert sealing.unseal_bytes("one", sealed) == b"content"
    assert b"content" not in sealed
    for label, data in (("two", sealed), ("one", sealed[:-1]), ("one", b""), ("one", b"WS1a")):
        with pytest.raises(sealing.Tampered):
            sealing.unseal_bytes(label, data)


@pytest.mark.parametrize("size", [0, 10, 1 << 20, (1 << 20) + 1, 3_000_000])
def test_a_sealed_stream_returns_what_was_written(keys, tmp_path, size):
    content, path = bytes(range(256)) * (size // 256 + 1), tmp_path / "sealed"
    with path.open("wb") as target:
        writer = SealedWriter(target, "label")
        writer.write(content[:size])
        writer.close()

    with path.open("rb") as source:
        assert b"".join(unseal_stream(source, "label")) == content[:size]


@pytest.mark.parametrize("damage", ["cut", "cut at a piece", "flipped", "swapped", "appended"])
def test_a_damaged_stream_is_refused(keys, tmp_path, damage):
    path = tmp_path / "sealed"
    with path.open("wb") as target:
        writer = SealedWriter(target, "label")
        writer.write(b"x" * 3_000_000)
        writer.close()
    data = path.read_bytes()
    piece = 5 + int.from_bytes(data[:4], "big")
    broken = {
        "cut": data[:-1],
        "cut at a piece": data[: 2 * piece],
        "flipped": data[:2000] + bytes([data[2000] ^ 1]) + data[2001:],
        "swapped": data[piece : 2 * piece] + data[:piece] + data[2 * piece :],
        "appended": data + b"more",
    }[damage]
    path.write_bytes(broken)

    with path.open("rb") as source, pytest.raises(sealing.Tampered):
        b"".join(unseal_stream(source, "label"))


# --- signatures -----------------------------------------------------------------------------------


def test_a_signed_token_tells_its_payload_for_its_purpose_only(keys):
    token = sealing.sign("card", {"p": "张"})

    assert sealing.verify("card", token) == {"p": "张"}
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    *start, signature = token.split(".")
    forged = ".".join([*start, ("B" if signature[0] == "A" else "A") + signature[1:]])
    for purpose, text in (("link", token), ("card", forged), ("card", "a.b.c"), ("card", "")):
        with pytest.raises(sealing.BadSignature):
            sealing.verify(purpose, text)


def test_a_signed_token_expires_at_its_moment(keys):
    token = sealing.sign("card", {}, expires_at=NOON)

    assert sealing.verify("card", token, at=NOON - timedelta(seconds=1)) == {}
    with pytest.raises(sealing.Expired):
        sealing.verify("card", token, at=NOON)


def test_tokens_of_an_older_key_still_verify(keys):
    token = sealing.sign("card", {"n": 1})
    keyring.add_key()

    assert sealing.verify("card", token) == {"n": 1}


# --- the key file ---------------------------------------------------------------------------------


def test_the_key_file_is_made_once_and_readable_by_its_owner_only(keys):
    first = keyring.keyring()

    assert keys.stat().st_mode & 0o777 == 0o400
    assert keyring.keyring() == first


@pytest.mark.parametrize(
    ("state", "words"),
    [("missing", "does not exist"), ("open", "open to others"), ("damaged", "damaged")],
)
def test_production_refuses_a_key_file_that_is(keys, settings, state, words):
    keyring.add_key()
    settings.MODE = "production"
    if state == "missing":
        keys.unlink()
    elif state == "open":
        keys.chmod(0o440)
    else:
        keys.chmod(0o600)
        keys.write_text('{"current": "a", "keys": {}}')
        keys.chmod(0o400)

    with pytest.raises(keyring.KeysMissing, match=words):
        keyring.look_again()
    with pytest.raises(keyring.KeysMissing):
        sealing.seal(Secret(), "phone", PHONE)


def test_the_key_commands_make_and_drop_keys_but_never_one_in_use(keys, table, monkeypatch):
    old_kid = keyring.keyring().current
    a_row().save(force_insert=True)
    monkeypatch.setattr(rekeying.apps, "get_models", lambda: [Secret])
    call_command("keys", "new")

    with pytest.raises(CommandError, match="5 values still need"):
        call_command("keys", "drop", old_kid)
    call_command("rekey")
    call_command("keys", "drop", old_kid)

    assert old_kid not in keyring.keyring().kids
    with pytest.raises(CommandError, match="not an old key"):
        call_command("keys", "drop", keyring.keyring().current)


def test_a_path_range_holds_what_starts_with_it_and_nothing_else(keys, table):
    paths = ["1.7", "1.7.", "1.7.3.", "1.7.\U0010fffe", "1.8.", "1.70."]
    Secret._base_manager.bulk_create([Secret(path=path) for path in paths])

    found = Secret._base_manager.filter(prefix_q("path", "1.7.")).values_list("path", flat=True)

    assert sorted(found) == ["1.7.", "1.7.3.", "1.7.\U0010fffe"]
    assert Secret._base_manager.filter(prefix_q("path", "")).count() == 6
