"""Masks as PNG, 0 and 255, the size of their image; a table says whose each is."""

from __future__ import annotations

from annotations import pictures
from annotations.exports.bundle import Bundle
from annotations.exports.gathering import Gathered
from annotations.exports.table_form import asked_back, table


def write_png(gathered: Gathered, out: Bundle) -> None:
    """masks/<case>__<reader>.png and masks.csv. A reading without a mask has a row and no file."""
    rows: list[list[object]] = []
    for case, reading in gathered.rows():
        mask = reading.mask()
        name = ""
        if mask is not None:
            name = f"masks/{case.public_id}__{reading.reader.replace(' ', '_')}.png"
            out.add(name, pictures.encode_png(mask * 255), case=case.public_id, **reading.tie())
        rows.append([case.public_id, case.centre, reading.reader, reading.revision, name or None,
                     int(mask.sum()) if mask is not None else None, int(reading.content["no_node"]),
                     asked_back(reading)])  # fmt: skip
    header = ["case", "centre", "reader", "revision", "file", "area_px", "no_node", "asked_back"]
    out.add("masks.csv", table(header, rows), readings=gathered.ties())
