"""
All ways in which a case goes from one status to another, in one table. Pure.

Who is first has it: a claim of what somebody has changes nothing, and says who.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from storage.case_records import Case, Did, Staff, Status

WITH_STAFF = (Status.CLAIMED, Status.CONTACTED, Status.PLANNED)
OPEN = (Status.NEW, *WITH_STAFF)


class Act(StrEnum):
    """What is done to a case."""

    CLAIM = "claim"
    CONTACTED = "contacted"
    PLANNED = "planned"
    CLOSED = "closed"
    RELEASE = "release"  #: hand it back
    REOPEN = "reopen"
    WRITE = "write"  #: staff write to its person
    CHANGE = "change"  #: its person changes it


class Whose(StrEnum):
    """Whose a case is after an act."""

    THE_ACTORS = "the actor's"
    SAME = "whose it was"  #: the actor's, where it was nobody's
    NOBODYS = "nobody's"


class Refusal(StrEnum):
    """Why nothing changes."""

    YOURS = "yours"  #: who claims it has it
    TAKEN = "taken"  #: somebody else has it
    CLOSED = "closed"
    SO_ALREADY = "so_already"  #: it has that status
    NOT_CLOSED = "not_closed"  #: what is to be opened again is open
    NOBODYS = "nobodys"  #: what is to be handed back is nobody's


@dataclass(frozen=True, kw_only=True)
class Step:
    """What an act makes of a case."""

    to: Status
    whose: Whose
    did: Did  #: as its history has it


def _from(statuses: tuple[Status, ...], act: Act, step: Step) -> dict[tuple[Act, Status], Step]:
    return {(act, status): step for status in statuses}


#: (what is done, the status before) -> what follows; what does not stand here changes nothing
TRANSITIONS: Mapping[tuple[Act, Status], Step] = {
    **_from((Status.NEW,), Act.CLAIM, Step(to=Status.CLAIMED, whose=Whose.THE_ACTORS, did=Did.CLAIMED)),
    **_from(OPEN, Act.CONTACTED, Step(to=Status.CONTACTED, whose=Whose.SAME, did=Did.CONTACTED)),
    **_from(OPEN, Act.PLANNED, Step(to=Status.PLANNED, whose=Whose.SAME, did=Did.PLANNED)),
    **_from(OPEN, Act.CLOSED, Step(to=Status.CLOSED, whose=Whose.SAME, did=Did.CLOSED)),
    **_from(WITH_STAFF, Act.RELEASE, Step(to=Status.NEW, whose=Whose.NOBODYS, did=Did.RELEASED)),
    **_from((Status.CLOSED,), Act.REOPEN, Step(to=Status.CLAIMED, whose=Whose.THE_ACTORS, did=Did.REOPENED)),
    **_from((Status.NEW, Status.CLOSED), Act.WRITE, Step(to=Status.CLAIMED, whose=Whose.THE_ACTORS, did=Did.WROTE)),
    **_from((Status.CLOSED,), Act.CHANGE, Step(to=Status.NEW, whose=Whose.NOBODYS, did=Did.CHANGED)),
}


@dataclass(frozen=True, kw_only=True)
class Stands:
    """Where a case stands: what an act depends on, and changes."""

    status: Status
    owner: Staff | None

    @classmethod
    def of(cls, case: Case) -> "Stands":
        """Where this case stands."""
        return cls(status=case.status, owner=case.owner)


def moved(stands: Stands, act: Act, actor: Staff | None) -> tuple[Stands, Did] | Refusal:
    """Where the case stands after this act, and what its history says; or why nothing changes."""
    step = TRANSITIONS.get((act, stands.status))
    if step is None:
        return _refusal(stands, act, actor)
    if step.to is stands.status and stands.owner is not None:
        return Refusal.SO_ALREADY
    owner = {
        Whose.THE_ACTORS: actor,
        Whose.SAME: stands.owner or actor,
        Whose.NOBODYS: None,
    }[step.whose]
    return replace(stands, status=step.to, owner=owner), step.did


def _refusal(stands: Stands, act: Act, actor: Staff | None) -> Refusal:
    """Why this act changes nothing where it stands."""
    if act is Act.RELEASE:
        return Refusal.CLOSED if stands.status is Status.CLOSED else Refusal.NOBODYS
    if act is Act.REOPEN:
        return Refusal.NOT_CLOSED
    if stands.status is Status.CLOSED:
        return Refusal.CLOSED
    if act is Act.CLAIM:
        return Refusal.YOURS if _is_of(stands.owner, actor) else Refusal.TAKEN
    return Refusal.SO_ALREADY


def _is_of(owner: Staff | None, actor: Staff | None) -> bool:
    return owner is not None and actor is not None and owner.key == actor.key
