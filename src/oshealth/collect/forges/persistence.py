"""Asking a forge until it answers: again after a fault, and not before a limit is reset."""

import math
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from oshealth.clock import now
from oshealth.collect.forges.answers import Answer, ForgeError
from oshealth.collect.forges.pace import LimitSpent, Pace, Patience
from oshealth.collect.forges.way import Way

_MINUTE = 60.0
TOO_COMPLEX = 422
"""The status of an answer to a query that may not ask for so much at once."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 (moments are UTC without a zone)
_SECONDARY = ("secondary rate limit", "retry your request again later", "wait a few minutes", "abuse detection")


def persist(way: Way, ask: Callable[[], Answer]) -> Answer:
    """Ask until there is an answer that can be read: 2xx or 304.

    Raises:
        ForgeError: the forge refuses, or faults and limits last longer than the patience.
        LimitSpent: a limit is to be waited for elsewhere.
    """
    pace, patience = way.pace, way.patience
    waited = troubled = 0.0
    attempt = 0
    while True:
        waited += _rest(pace, patience, waited)
        start = time.monotonic()
        with pace.turn():
            answer = ask()
        if 200 <= answer.status < 300 or answer.status == 304:
            pace.is_down = False
            pace.rest(_seconds_after_the_last(answer))
            return answer
        attempt += 1
        limit = limit_seconds(answer, attempt)
        if limit is not None:
            pace.rest(limit)
        elif answer.status in {0, *range(500, 600)}:
            troubled += time.monotonic() - start
            is_last = attempt >= patience.attempts or troubled >= patience.fault_seconds
            _pause(answer, attempt, way, is_last=is_last)
        else:
            raise refusal(answer, way)
        if attempt >= 4 * patience.attempts:
            raise _limited(0, patience)


def _rest(pace: Pace, patience: Patience, waited: float) -> float:
    """Wait for the limit's reset, here or elsewhere; how long it was."""
    rest = pace.waits_seconds
    if waited + rest > patience.limit_seconds:
        raise _limited(rest, patience)
    if rest > patience.hold_seconds:
        raise LimitSpent(pace.wait)
    time.sleep(rest)
    return rest


def limit_seconds(answer: Answer, attempt: int) -> float | None:
    """How long to wait where an answer speaks of a limit; None where it does not."""
    headers, message = answer.headers, answer.message.lower()
    is_secondary = any(words in message for words in _SECONDARY)
    is_spent = "0" in {headers.get("x-ratelimit-remaining"), headers.get("ratelimit-remaining")}
    is_limit = is_secondary or "rate limit exceeded" in message or "retry-after" in headers or is_spent
    if answer.status != 429 and not (answer.status in {200, 403} and is_limit):
        return None
    if (after := _number(headers.get("retry-after"))) is not None:
        return max(after, 0.0)
    reset = _number(headers.get("x-ratelimit-reset") or headers.get("ratelimit-reset"))
    if reset is not None and (is_spent or not is_secondary):
        return max(reset - _server_time(headers), 0.0) + 1
    return float(_MINUTE * 2 ** min(attempt - 1, 6))


def _seconds_after_the_last(answer: Answer) -> float:
    """How long nobody needs to ask, since this was the last answer that the limit allows."""
    headers = answer.headers
    for prefix in ("x-ratelimit", "ratelimit"):
        reset = _number(headers.get(f"{prefix}-reset"))
        if headers.get(f"{prefix}-remaining") == "0" and reset is not None:
            return max(reset - _server_time(headers), 0.0) + 1
    return 0.0


def refusal(answer: Answer, way: Way) -> ForgeError:
    """The error that an answer stands for, in one sentence.

    What a server says is not repeated: it may say anything, the token too.
    """
    status = 404 if answer.status == 410 else answer.status
    if status == 401:
        wants = "does not accept the token in {}: make a new one, or remove the variable"
        text = (wants if way.is_known else "answers nobody without a token: set {}").format(way.variable)
    elif status == 404:
        hidden = "" if way.is_known else f" without a token ({way.variable})"
        text = f"knows no repository at this address, or does not show it{hidden}"
    elif status == 403:
        text = f"refuses access to the repository{_why(answer.message, way)}"
    elif 300 <= status < 400:
        return ForgeError("redirected", "The forge redirects without saying where.")
    else:
        text = _OTHER.get(status, f"answered with status {status}")
    return ForgeError(_REASONS.get(status, f"http_{status}"), f"The forge {text}.")


_REASONS = {TOO_COMPLEX: "too_complex"}
_OTHER = {
    451: "refuses access to the repository for legal reasons",
    TOO_COMPLEX: "finds what is asked for too much, however little it is",
}
_WHY = (
    ("saml", ": the token in {} is not authorised for the organisation's single sign-on"),
    ("not accessible by", ": the token in {} may not read it"),
    ("ip allow list", ": it answers certain addresses of the network only"),
    ("blocked", ": it has blocked the repository"),
    ("disabled", ": it has disabled the repository"),
)
"""Words in what a forge says, and what we say."""


def _why(message: str, way: Way) -> str:
    found = next((why for words, why in _WHY if words in message.lower()), "")
    return found.format(way.variable)


def _pause(answer: Answer, attempt: int, way: Way, *, is_last: bool) -> None:
    pace, patience = way.pace, way.patience
    if is_last or (pace.is_down and not answer.status):
        pace.is_down = not answer.status
        reason = f"http_{answer.status}" if answer.status else "unreachable"
        said = f"answered with status {answer.status}" if answer.status else f"did not answer: {answer.fault}"
        times = f", {attempt} times" if attempt > 1 else ""
        raise ForgeError(reason, f"The forge {said}{times}.")
    longest = min(patience.longest_pause_seconds, patience.first_pause_seconds * 2 ** (attempt - 1))
    time.sleep(longest * random.uniform(0.5, 1))  # noqa: S311 (spreads those who wait)


def _limited(seconds: float, patience: Patience) -> ForgeError:
    minutes = round(seconds / _MINUTE)
    left = f"{minutes} minutes" if minutes <= 120 else f"{minutes / 60:.0f} hours"
    spent = f"The forge's limit of requests is spent{f' for another {left}' if minutes else ''}"
    return ForgeError("rate_limited", f"{spent}; {patience.afterwards}.")


def _server_time(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers["date"]).timestamp()
    except (KeyError, ValueError):
        return (now() - _EPOCH).total_seconds()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
