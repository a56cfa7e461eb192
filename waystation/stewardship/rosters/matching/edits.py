"""The smallest slip of the hand: one character changed, left out, put in, or two swapped."""


def one_edit(one: str | None, other: str | None) -> bool:
    """Whether exactly one slip turns one text into the other (Damerau-Levenshtein distance 1)."""
    if one is None or other is None or one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
