"""Long files sealed piece by piece; the order and the end of the pieces are sealed too."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from .sealing import Tampered, seal_bytes, unseal_bytes

PIECE_BYTES = 1 << 20
MAX_SEALED_PIECE = PIECE_BYTES + 256


class SealedWriter:
    """A file to write to; what is written arrives sealed in `target`. `close` seals the end."""

    def __init__(self, target: BinaryIO, label: str):
        self.target, self.label = target, label
        self.number, self.waiting = 0, bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        while len(self.waiting) > PIECE_BYTES:
            self._put(bytes(self.waiting[:PIECE_BYTES]), last=False)
            del self.waiting[:PIECE_BYTES]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        sealed = seal_bytes(_label(self.label, self.number, last), piece)
        self.target.write(len(sealed).to_bytes(4, "big") + (b"\1" if last else b"\0") + sealed)
        self.number += 1


def seal_stream(source: Iterable[bytes], target: BinaryIO, label: str) -> None:
    """Write all of `source` sealed to `target`."""
    writer = SealedWriter(target, label)
    for piece in source:
        writer.write(piece)
    writer.close()


def unseal_stream(source: BinaryIO, label: str) -> Iterator[bytes]:
    """The clear pieces of a sealed file. Raises Tampered if any piece or the end is not right."""
    number, last = 0, False
    while not last:
        head = source.read(5)
        if len(head) < 5:
            raise Tampered("The sealed file ends too early.")
        length, last = int.from_bytes(head[:4], "big"), head[4] == 1
        if length > MAX_SEALED_PIECE:
            raise Tampered("This is not a sealed file.")
        sealed = source.read(length)
        if len(sealed) < length:
            raise Tampered("The sealed file ends too early.")
        yield unseal_bytes(_label(label, number, last), sealed)
        number += 1
    if source.read(1):
        raise Tampered("Something follows the end of the sealed file.")


def _label(label: str, number: int, last: bool) -> str:
    return f"{label}|{number}|{'last' if last else 'more'}"
