"""What a user may do to a pair, by the two ends of the pair: the origin's side and the station's."""

from __future__ import annotations

from dataclasses import dataclass

from waystation.organizations.access import Reach
from waystation.organizations.permissions import Permission
from waystation.stewardship.rosters.models import MatchCandidate

ORIGIN, STATION = "origin", "station"
_SPEAKS = {ORIGIN: Permission.MATCH_CONFIRM_ORIGIN, STATION: Permission.MATCH_CONFIRM_STATION}


@dataclass(frozen=True)
class Powers:
    """The reaches of one user that matter on the board, read from the mandates once a request."""

    user_id: object
    speaks: dict[str, Reach]
    override: Reach
    reveal: Reach
    register: Reach
    refuse: Reach

    @classmethod
    def of(cls, user) -> Powers:
        def reach(permission):
            return Reach.of(user, permission)

        return cls(
            user.pk,
            {side: reach(permission) for side, permission in _SPEAKS.items()},
            reach(Permission.MATCH_OVERRIDE),
            reach(Permission.PERSON_REVEAL),
            reach(Permission.DEPARTURE_REGISTER),
            reach(Permission.ARRIVAL_REFUSE),
        )

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides for which the user may speak anywhere at all."""
        return tuple(side for side, reach in self.speaks.items() if reach)

    @property
    def my_side(self) -> str:
        """The user's side if there is only one; else nothing, and the words name both."""
        return self.sides[0] if len(self.sides) == 1 else ""

    def sides_of(self, candidate: MatchCandidate) -> list[str]:
        """The sides of this pair for which the user may speak."""
        paths = {ORIGIN: candidate.origin_path, STATION: candidate.station_path}
        return [side for side, reach in self.speaks.items() if reach and reach.covers(paths[side])]

    def may_confirm(self, candidate: MatchCandidate) -> list[str]:
        """The sides on which the user's yes is still wanted.

        Nobody says yes for both sides, and nobody says it twice.
        """
        if candidate.state != MatchCandidate.State.OPEN:
            return []
        given = {side: getattr(candidate, f"{side}_confirmed_by_id") for side in _SPEAKS}
        if self.user_id in given.values():
            return []
        return [side for side in self.sides_of(candidate) if given[side] is None]

    def may_withdraw(self, candidate: MatchCandidate) -> bool:
        """Whether the user has said yes here and may still take it back."""
        given = {candidate.origin_confirmed_by_id, candidate.station_confirmed_by_id}
        is_open = candidate.state == MatchCandidate.State.OPEN
        return is_open and self.user_id in given and bool(self.sides_of(candidate))

    def may_reject(self, candidate: MatchCandidate) -> list[str]:
        """The sides for which the user may say that these are two people."""
        is_open = candidate.state == MatchCandidate.State.OPEN
        return self.sides_of(candidate) if is_open else []

    def may_reopen(self, candidate: MatchCandidate) -> bool:
        """Whether the user may take a "not the same person" back."""
        return candidate.state == MatchCandidate.State.REJECTED and bool(self.sides_of(candidate))

    def may_override(self, candidate: MatchCandidate) -> bool:
        """Whether the county may speak now: one side has said yes, and it was not this user."""
        given = {candidate.origin_confirmed_by_id, candidate.station_confirmed_by_id} - {None}
        covered = any(map(self.override.covers, (candidate.origin_path, candidate.station_path)))
        is_open = candidate.state == MatchCandidate.State.OPEN
        return is_open and covered and len(given) == 1 and self.user_id not in given

    def may_reveal(self, candidate: MatchCandidate) -> bool:
        """Whether the user may have numbers of the two rows shown: either end lies in reach."""
        return any(map(self.reveal.covers, (candidate.origin_path, candidate.station_path)))

    def may_register(self, candidate: MatchCandidate) -> bool:
        """Whether the user may register the departure that the origin forgot."""
        return self.register.covers(candidate.origin_path)

    def may_send_back(self, candidate: MatchCandidate) -> bool:
        """Whether the user may send a lone departure back to its origin."""
        return candidate.departure_id is not None and self.refuse.covers(candidate.station_path)
