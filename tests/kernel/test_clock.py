"""Times are UTC at millisecond precision, everywhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from assay.kernel.clock import clock_of, iso, now, parse_iso


def test_now_is_utc_in_milliseconds() -> None:
    moment = now()
    assert moment.tzinfo is UTC
    assert moment.microsecond % 1000 == 0


def test_the_wire_form() -> None:
    assert iso(datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01T00:00:00.000Z"
    east = timezone(timedelta(hours=2))
    assert iso(datetime(2026, 1, 1, 1, 2, 3, 45678, tzinfo=east)) == "2025-12-31T23:02:03.045Z"
    assert parse_iso("2026-01-01T00:00:00.123Z").microsecond == 123000
    assert parse_iso("2026-01-01T00:00:00").tzinfo is UTC


def test_another_clock_holds_within_its_block() -> None:
    fixed = datetime(2030, 5, 5, tzinfo=UTC)
    with clock_of(lambda: fixed):
        assert now() == fixed
    assert now() != fixed
