"""Borders of statistical areas, from SCB's geodata service (WFS).

Here belong the question and the check that the answer is the whole of it, in WGS 84. What is done with
a border belongs in ``pipelines.transforms.area_borders``.
"""

import json
import re
from typing import Any, Final

import polars as pl

from sources.archive import Answer, Request
from sources.errors import AnswerError
from sources.transport import Transport, refusing

SERVICE: Final = "scb_wfs"
LAYER: Final = re.compile(r"(RegSO|DeSO)_(\d{4})")
SHAPES: Final = frozenset({"Polygon", "MultiPolygon"})
WEST, EAST, SOUTH, NORTH = 10, 25, 55, 70
"""Degrees that hold Sweden."""

REMEDY: Final = "Nothing of this answer is used; if it stays so, the service has changed or is out of order."

BORDER: Final = pl.Schema(
    {
        "omrade_id": pl.String(),
        "omrade": pl.String(),
        "niva": pl.String(),
        "indelning": pl.String(),
        "over_id": pl.String(),
        "version": pl.String(),
        "geometri": pl.String(),
    }
)
"""A border: ``geometri`` is GeoJSON, longitude before latitude; ``over_id`` is the area that it is part of."""


def request(municipality: str, layer: str) -> Request:
    """The question for all areas of a municipality in a layer such as ``RegSO_2025``."""
    query = (
        ("service", "WFS"),
        ("version", "1.1.0"),
        ("request", "GetFeature"),
        ("typeName", f"stat:{layer}"),
        ("outputFormat", "application/json"),
        ("srsName", "EPSG:4326"),
        ("CQL_FILTER", f"kommunkod='{municipality}'"),
    )
    return Request(SERVICE, "", query)


def borders(transport: Transport, municipality: str, layer: str) -> pl.DataFrame:
    """The borders of a municipality's areas, each once, as ``BORDER``.

    Raises AnswerError where the answer is of another municipality, lacks areas or holds no polygons.
    """
    named = LAYER.fullmatch(layer)
    if named is None or not re.fullmatch(r"\d{4}", municipality):
        raise AnswerError(
            f"{layer!r} of {municipality!r} is no layer of a municipality.",
            where=SERVICE,
            remedy="Write a layer such as RegSO_2025 in plan.toml, areas > borders.",
        )
    asked = request(municipality, layer)
    answer = transport.fetch(asked)
    with refusing(transport, [(asked, answer)]):
        rows = [_border(asked, feature, municipality, named[1].lower()) for feature in _features(asked, answer)]
        codes = [code for code, *_ in rows]
        if len(set(codes)) < len(codes):
            raise _wrong(asked, "an area comes twice")
    return pl.DataFrame(
        [(code, name, named[1].lower(), named[2], over, version, shape) for code, name, over, version, shape in rows],
        schema=BORDER,
        orient="row",
    ).sort("omrade_id")


def _features(asked: Request, answer: Answer) -> list[Any]:
    """The features of an answer, as many as it says that there are."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _wrong(asked, "it is not JSON") from error
    features = body.get("features") if isinstance(body, dict) else None
    if not isinstance(features, list) or body.get("type") != "FeatureCollection" or not features:
        raise _wrong(asked, "it holds no features")
    counts = {body[name] for name in ("totalFeatures", "numberMatched") if isinstance(body.get(name), int)}
    if counts - {len(features)}:
        raise _wrong(asked, f"it holds {len(features)} areas and says that there are {max(counts)}")
    return features


def _border(asked: Request, feature: Any, municipality: str, level: str) -> tuple[str, str | None, str, str, str]:
    """The code, name, parent, version and border of an area."""
    try:
        told, shape = feature["properties"], feature["geometry"]
        code, version, own = told[f"{level}kod"], str(told["version"]), told["kommunkod"]
        name = told.get("regsonamn") if level == "regso" else None
        over = own if level == "regso" else told["regsokod"]
        kind, rings = shape["type"], shape["coordinates"]
    except (KeyError, TypeError) as error:
        raise _wrong(asked, "an area lacks its code, version or border") from error
    if own != municipality or not isinstance(code, str) or not code.startswith(municipality):
        raise _wrong(asked, f"{code!r} is no area of {municipality}")
    if kind not in SHAPES or not _in_sweden(rings):
        raise _wrong(asked, f"the border of {code} is no polygon in WGS 84")
    if not isinstance(over, str):
        raise _wrong(asked, f"{code} is part of {over!r}")
    return code, name, over, version, json.dumps({"type": kind, "coordinates": rings}, separators=(",", ":"))


def _in_sweden(rings: Any) -> bool:
    """Whether nested lists end in pairs of longitude and latitude within Sweden: metres, or the other order, do not."""
    flat = [rings]
    pairs = 0
    while flat:
        at = flat.pop()
        if not isinstance(at, list):
            return False
        if at and all(isinstance(each, int | float) and not isinstance(each, bool) for each in at):
            if not (len(at) == len("xy") and WEST < at[0] < EAST and SOUTH < at[1] < NORTH):
                return False
            pairs += 1
        else:
            flat.extend(at)
    return pairs > 0


def _wrong(asked: Request, what: str) -> AnswerError:
    """The error for an answer that is not what was asked for."""
    return AnswerError(f"{what}.", where=asked.name, remedy=REMEDY)
