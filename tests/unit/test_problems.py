"""Every row of the catalogue in every rendering, and every place that raises one."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from outrider.problems import CATALOGUE, OutriderError, Problem, ReportedError

SOURCE = Path(__file__).parents[2] / "src" / "outrider"
ROWS = [pytest.param(row, id=code) for code, row in CATALOGUE.items()]


def with_facts(row: Problem) -> OutriderError:
    return OutriderError(row.code, **{name: f"‹{name}›" for name in row.facts})


def assert_complete(row: Problem, *texts: str) -> None:
    """Texts are sentences, with every fact in its place."""
    for text in texts:
        assert text.strip() == text
        assert text
        assert "{" not in text
        assert "unknown" not in text.replace("UNKNOWN", "")
    assert set(re.findall(r"‹(\w+)›", " ".join(texts))) == row.facts


@pytest.mark.parametrize("row", ROWS)
def test_the_row_itself(row: Problem) -> None:
    assert re.fullmatch(r"[A-Z][A-Z_]+[A-Z]", row.code)
    assert CATALOGUE[row.code] is row
    assert 400 <= row.status <= 599
    assert row.cause.endswith((".", "}"))
    assert row.fix.endswith((".", "'"))
    assert row.retry_after_seconds is None or row.retryable
    assert row.jsonrpc.tasks < 0
    assert json.loads(json.dumps(row.describe()))["code"] == row.code
    assert row.describe()["docUrl"] == f"/v1/errors/{row.code}"


@pytest.mark.parametrize("row", ROWS)
def test_http_envelope(row: Problem) -> None:
    body = with_facts(row).as_envelope("req_1", "https://example.org")
    error = body["error"]
    assert body["detail"] == body["message"] == error["message"]
    assert (error["code"], error["requestId"], error["retryable"]) == (row.code, "req_1", row.retryable)
    assert error["docUrl"] == f"https://example.org/v1/errors/{row.code}"
    assert error.get("retryAfterSeconds") == row.retry_after_seconds
    assert "details" not in error
    assert_complete(row, error["message"], error["cause"], error["hint"])


@pytest.mark.parametrize("row", ROWS)
def test_sse_event(row: Problem) -> None:
    data = with_facts(row).as_sse("req_1")
    assert data["error"] == data["text"]
    assert (data["requestId"], data["code"], data["status_code"]) == ("req_1", row.code, row.status)
    assert_complete(row, data["error"], data["cause"], data["hint"])


@pytest.mark.parametrize("row", ROWS)
def test_message_of_the_log_and_back(row: Problem) -> None:
    content, metadata = with_facts(row).as_message("task 3")
    assert (metadata["code"], metadata["status_code"], metadata["reference"]) == (row.code, row.status, "task 3")
    assert metadata["retryable"] is row.retryable
    assert_complete(row, content, metadata["cause"], metadata["hint"])
    told = ReportedError.of_message(content, metadata)
    assert (told.problem, told.message, told.cause, told.fix) == (row, content, metadata["cause"], metadata["hint"])


@pytest.mark.parametrize("row", ROWS)
def test_terminal(row: Problem) -> None:
    first, cause, fix, retry = with_facts(row).as_cli().splitlines()
    assert first.startswith("error: ")
    assert first.endswith(f"[{row.code}]")
    assert retry == f"  retry: {'yes' if row.retryable else 'no'}"
    assert_complete(row, first, cause.strip(), fix.strip())


@pytest.mark.parametrize("row", ROWS)
def test_sentence_for_a_model(row: Problem) -> None:
    sentence = with_facts(row).as_model_sentence()
    assert sentence.endswith((".", "'", "›"))
    assert row.code not in sentence


def test_no_code_is_used_twice() -> None:
    sources = (SOURCE / "problems").glob("*.py")
    calls = (node for file in sources for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    rows = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Problem"]

    assert len(rows) == len(CATALOGUE)


def test_facts_that_no_text_names_are_details() -> None:
    problem = OutriderError("UNPROCESSABLE", summary="s", fields=[{"field": "message", "problem": "missing"}])
    assert problem.as_envelope("r")["error"]["details"] == {"fields": [{"field": "message", "problem": "missing"}]}


def test_numbers_are_details_even_when_a_text_names_them() -> None:
    error = OutriderError("SESSION_LIMIT_REACHED", limit=4, current=4, retry_after_seconds=3).as_envelope("r")["error"]
    assert (error["details"], error["retryAfterSeconds"]) == ({"limit": 4, "current": 4}, 3)


def test_a_missing_fact_never_breaks_the_report() -> None:
    assert "unknown" in OutriderError("SESSION_NOT_FOUND").message


def test_a_fact_may_set_the_time_of_a_retry() -> None:
    assert OutriderError("SESSION_LIMIT_REACHED", retry_after_seconds=3, limit=1).retry_after_seconds == 3


def test_what_was_told_with_an_unknown_code_is_an_internal_error() -> None:
    assert ReportedError("NEWER_CODE", message="m", cause="c", fix="f").code == "INTERNAL_ERROR"


def test_what_is_raised_has_a_row_and_all_its_facts() -> None:
    places = dict(raises())
    assert len(places) > 40
    for place, call in places.items():
        given = {keyword.arg for keyword in call.keywords}
        for code in literal_codes(call):
            assert code in CATALOGUE, place
            if None not in given:  # no **facts
                assert CATALOGUE[code].facts <= given, place


def raises() -> Iterator[tuple[str, ast.Call]]:
    """Every place of the source that raises a row, as path and line."""
    for path in sorted(SOURCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "OutriderError":
                yield f"{path.relative_to(SOURCE)}:{call.lineno}:{call.col_offset}", call


def literal_codes(call: ast.Call) -> Iterator[str]:
    """The code that is raised; both, when it is chosen on the spot; none, when it is a variable."""
    code = call.args[0]
    for branch in (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,):
        if isinstance(branch, ast.Constant):
            assert isinstance(branch.value, str)
            yield branch.value
