import threading
import time
import uuid

from waystation.kernel import ids


def test_ids_are_version_7_and_carry_the_time():
    made = ids.new_id()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 60


def test_ids_grow_even_when_made_in_the_same_millisecond():
    made = [ids.new_id() for _ in range(5000)]

    assert made == sorted(set(made))


def test_ids_grow_when_the_clock_jumps_back(time_machine):
    time_machine.move_to("2030-01-02T00:00:00Z")
    later = ids.new_id()
    time_machine.move_to("2030-01-01T00:00:00Z")

    assert ids.new_id() > later
    ids._forget()


def test_threads_never_make_the_same_id():
    made = []
    threads = [threading.Thread(target=lambda: made.extend(ids.new_id() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 8000
