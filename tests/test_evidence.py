"""The pack for a reviewer: every test, file and question that it names is there."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from mssp_sim.app.headers import policy

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PACK = (
    "security-review", "threat-model", "accessibility-report", "networks", "assistants",
)  # fmt: skip
QUESTIONS, LEVEL_1_ROWS = 40, 63
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(
    r"[\w.-]*(?:/[\w.-]+)+\.\w+|[A-Z]\w+\.md|pyproject\.toml|requirements\.txt|\S+\.yaml"
)


def read(name):
    return (DOCS / f"{name}.md").read_text("utf-8")


def is_test(path, name):
    return f"def {name}(" in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("name", PACK)
def test_what_is_named_as_evidence_is_there(name):
    every_test = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = CODE.findall(read(name))
    found = 0
    for code in named:
        path, _, test = code.partition("::")
        if test:
            assert is_test(path, test), code
        elif code.startswith("test_"):
            assert f"def {code}(" in every_test, code
        elif path.startswith("/") or not FILE.fullmatch(path):
            continue
        else:
            assert (ROOT / path).exists(), code
        found += 1
    assert found


@pytest.mark.parametrize("name", PACK)
def test_a_page_of_the_pack_leads_to_pages_that_are_there(name):
    for to in re.findall(r"\]\((?!https?:)([^)#]+)", read(name)):
        assert (DOCS / to).exists(), to


def test_every_question_has_an_answer_and_its_evidence():
    blocks = re.split(
        r"^\*\*(\d+)\. ", read("security-review").partition("## OWASP")[0], flags=re.M
    )
    numbers, answers = blocks[1::2], blocks[2::2]
    assert [int(number) for number in numbers] == list(range(1, QUESTIONS + 1))
    for number, answer in zip(numbers, answers, strict=True):
        _, _, rest = answer.partition("**\n")
        said, _, evidence = rest.partition("\nEvidence: ")
        assert len(said) > 20, number
        assert CODE.search(evidence), number


def test_the_policy_that_is_printed_is_the_policy_that_is_sent():
    printed = read("security-review").partition("```text\n")[2].partition("\n```")[0]
    sent = re.sub(r"sha256-[^']+", "sha256-...", policy("*"))
    assert printed.splitlines() == sent.split("; ")


def test_every_row_of_level_1_has_a_test_or_a_reason():
    rows = re.findall(
        r"^\| ([\d., to]+) \| .+ \| .+ \| (.+) \|$",
        read("security-review").partition("## OWASP")[2].partition("### Level 2")[0],
        flags=re.M,
    )
    count = 0
    for numbers, reason in rows:
        assert reason.strip()
        for part in numbers.split(", "):
            first, _, last = part.partition(" to ")
            count += 1 if not last else _rows_between(first, last)
    assert count == LEVEL_1_ROWS


def _rows_between(first, last):
    ends = [int(text.rpartition(".")[2]) for text in (first, last)]
    if first.rpartition(".")[0] == last.rpartition(".")[0]:
        return ends[1] - ends[0] + 1
    return len(SELF_CONTAINED)


SELF_CONTAINED = ("9.1.1", "9.1.2", "9.1.3", "9.2.1")


def test_the_picture_of_the_flow_is_a_picture_with_a_description():
    root = ET.fromstring((DOCS / "data-flow.svg").read_text("utf-8"))
    assert root.get("role") == "img"
    assert {child.tag.rpartition("}")[2] for child in root} >= {"title", "desc"}
