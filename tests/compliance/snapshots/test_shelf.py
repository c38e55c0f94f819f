from datetime import timedelta

from snapshots import ACCOUNT, AT, snapshot

from remit.compliance.snapshots import Shelf
from remit.compliance.snapshots.files import write

DAY = timedelta(days=1)


def put(shelf, taken):
    shelf.unfinished(taken.header.account)
    write(taken, shelf.place(taken.header))


def test_the_newest_that_is_not_later_is_found(tmp_path):
    shelf = Shelf(tmp_path / "new")
    for days in (0, 2, 1):
        put(shelf, snapshot({}, taken_at=AT + days * DAY))

    assert shelf.times(ACCOUNT) == (AT, AT + DAY, AT + 2 * DAY)
    assert shelf.newest(ACCOUNT).header.taken_at == AT + 2 * DAY
    assert shelf.newest(ACCOUNT, AT + DAY).header.taken_at == AT + DAY
    assert shelf.newest(ACCOUNT, AT + DAY - timedelta(seconds=1)).header.taken_at == AT
    assert shelf.newest(ACCOUNT, AT - timedelta(seconds=1)) is None


def test_accounts_are_those_with_a_finished_snapshot(tmp_path):
    shelf = Shelf(tmp_path)
    assert shelf.accounts() == Shelf(tmp_path / "none").accounts() == ()
    put(shelf, snapshot({}))
    put(shelf, snapshot({}, account="0" * 12))
    shelf.unfinished("9" * 12).touch()
    (tmp_path / "notes").mkdir()

    assert shelf.accounts() == ("0" * 12, ACCOUNT)


def test_an_accounts_folder_is_its_owners_alone(tmp_path):
    put(Shelf(tmp_path / "new"), snapshot({}))

    assert (tmp_path / "new" / ACCOUNT).stat().st_mode & 0o777 == 0o700
