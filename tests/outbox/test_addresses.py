"""Where chats are now, and the staff chat above all."""

from bot.outbox import Addresses, StaffAddress

OLD, NEW, NEWEST = "telegram:-7", "telegram:-1007", "telegram:-1008"


def test_a_chat_that_moved_twice() -> None:
    """Every name that a chat had leads to where it is."""
    addresses = Addresses()
    addresses.found({OLD: NEW})
    addresses.moved(NEW, NEWEST)
    assert [addresses.now(name) for name in (OLD, NEW, NEWEST, "telegram:5")] == [NEWEST, NEWEST, NEWEST, "telegram:5"]


def test_a_chat_that_moved_back() -> None:
    """An address that is used again is no other name of anything."""
    addresses = Addresses()
    addresses.moved(OLD, NEW)
    addresses.moved(NEW, OLD)
    assert (addresses.now(OLD), addresses.now(NEW)) == (OLD, OLD)


def test_staff_are_known_by_every_name() -> None:
    """Whoever learns first that the staff chat moved, all others know it by its new name and its old one."""
    addresses = Addresses()
    staff = StaffAddress(OLD, addresses)
    assert (staff.now, staff.moved("telegram:-9", NEW)) == (OLD, False)
    addresses.moved(OLD, NEW)
    assert staff.now == NEW
    assert staff.moved(NEW, NEWEST)
    assert staff.now == NEWEST
    assert [staff.is_at(name) for name in (OLD, NEW, NEWEST, "telegram:5")] == [True, True, True, False]


def test_without_a_staff_chat() -> None:
    """Where none is set up no chat is staff's, and none becomes it by moving."""
    staff = StaffAddress(None)
    assert not staff.moved(OLD, NEW)
    assert staff.now is None
    assert not staff.is_at(OLD)
