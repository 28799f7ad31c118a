"""Where a case goes, whatever staff do with it: one status, one owner or none, and a history that explains both."""

from hypothesis import given
from hypothesis import strategies as st

from bot.staff.transitions import TRANSITIONS, Act, Refusal, Stands, moved
from storage.case_records import Did, Staff, Status

ANNE, BEA = Staff(key="a", name="Anne"), Staff(key="b", name="Bea")
NEW = Stands(status=Status.NEW, owner=None)
acts = st.lists(st.tuples(st.sampled_from(list(Act)), st.sampled_from([ANNE, BEA])), max_size=30)
#: what the history says -> the status that it leads to
LEADS_TO = {
    Did.CLAIMED: Status.CLAIMED,
    Did.CONTACTED: Status.CONTACTED,
    Did.PLANNED: Status.PLANNED,
    Did.CLOSED: Status.CLOSED,
    Did.RELEASED: Status.NEW,
    Did.REOPENED: Status.CLAIMED,
    Did.WROTE: Status.CLAIMED,
    Did.CHANGED: Status.NEW,
}


def walked(steps: list[tuple[Act, Staff]]) -> tuple[Stands, list[tuple[Did, Staff]]]:
    """Where a new case is after all this, and its history."""
    stands, history = NEW, []
    for act, actor in steps:
        after = moved(stands, act, None if act is Act.CHANGE else actor)
        if not isinstance(after, Refusal):
            stands, did = after
            history.append((did, actor))
    return stands, history


@given(acts)
def test_a_new_case_is_nobodys_and_every_other_is_somebodys(steps: list[tuple[Act, Staff]]) -> None:
    """Whatever is done: staff read who has a case exactly when somebody does."""
    stands, _ = walked(steps)
    assert (stands.owner is None) == (stands.status is Status.NEW)


@given(acts)
def test_the_history_explains_where_it_stands(steps: list[tuple[Act, Staff]]) -> None:
    """Whoever reads the history alone knows the status, and whose it is."""
    stands, history = walked(steps)
    status, owner = Status.NEW, None
    for did, actor in history:
        status = LEADS_TO[did]
        took = did in (Did.CLAIMED, Did.REOPENED, Did.WROTE)
        owner = None if status is Status.NEW else actor if took else owner or actor
    assert (stands.status, stands.owner) == (status, owner)


@given(acts)
def test_the_same_twice_changes_nothing(steps: list[tuple[Act, Staff]]) -> None:
    """Who taps a button again is told that it is so, and nothing is noted twice."""
    stands, _ = walked(steps)
    for act in Act:
        after = moved(stands, act, ANNE)
        if not isinstance(after, Refusal):
            assert isinstance(moved(after[0], act, ANNE), Refusal)


def test_the_first_has_it() -> None:
    """Of two who claim, the second changes nothing and is told who has it; who has it is told so too."""
    after = moved(NEW, Act.CLAIM, ANNE)
    assert after == (Stands(status=Status.CLAIMED, owner=ANNE), Did.CLAIMED)
    stands = Stands(status=Status.CLAIMED, owner=ANNE)
    assert moved(stands, Act.CLAIM, BEA) is Refusal.TAKEN
    assert moved(stands, Act.CLAIM, ANNE) is Refusal.YOURS


def test_anyone_goes_on_with_what_a_colleague_has() -> None:
    """A status is set by anyone and leaves the case its owner's; a new one becomes the tapper's; anyone hands back."""
    claimed = Stands(status=Status.CLAIMED, owner=ANNE)
    assert moved(claimed, Act.PLANNED, BEA) == (Stands(status=Status.PLANNED, owner=ANNE), Did.PLANNED)
    assert moved(NEW, Act.CLOSED, BEA) == (Stands(status=Status.CLOSED, owner=BEA), Did.CLOSED)
    assert moved(claimed, Act.RELEASE, BEA) == (NEW, Did.RELEASED)


def test_a_closed_case() -> None:
    """It is opened again by who taps that or writes to the person, and is new when its person changes it."""
    closed = Stands(status=Status.CLOSED, owner=ANNE)
    assert moved(closed, Act.CLAIM, BEA) is Refusal.CLOSED
    assert moved(closed, Act.REOPEN, BEA) == (Stands(status=Status.CLAIMED, owner=BEA), Did.REOPENED)
    assert moved(closed, Act.WRITE, BEA) == (Stands(status=Status.CLAIMED, owner=BEA), Did.WROTE)
    assert moved(closed, Act.CHANGE, None) == (NEW, Did.CHANGED)
    assert moved(Stands(status=Status.PLANNED, owner=ANNE), Act.CHANGE, None) is Refusal.SO_ALREADY


def test_a_migrated_case_that_has_a_status_and_no_owner() -> None:
    """An earlier release kept no owners: who sets the same status makes it theirs, who hands it back may."""
    stands = Stands(status=Status.CONTACTED, owner=None)
    assert moved(stands, Act.CONTACTED, BEA) == (Stands(status=Status.CONTACTED, owner=BEA), Did.CONTACTED)


def test_every_act_and_status_is_decided() -> None:
    """Nothing that can be tapped goes without an answer."""
    for act in Act:
        for status in Status:
            assert isinstance(moved(Stands(status=status, owner=ANNE), act, BEA), tuple | Refusal)
    assert {step.did for step in TRANSITIONS.values()} == {*LEADS_TO}
