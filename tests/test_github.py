"""What GitHub reads: well formed by the published schemas, and in step with the project."""

import subprocess
import sys
import tomllib

import pytest

from tests.conftest import ROOT

SCHEMAS = {
    ".github/workflows/ci.yml": "vendor.github-workflows",
    ".github/ISSUE_TEMPLATE/wrong_number.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/bug.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/idea.yml": "vendor.github-issue-forms",
    ".github/ISSUE_TEMPLATE/config.yml": "vendor.github-issue-config",
    "CITATION.cff": "vendor.citation-file-format",
}


def test_every_file_that_github_reads_has_its_schema():
    found = [*(ROOT / ".github").rglob("*.yml"), ROOT / "CITATION.cff"]
    assert {path.relative_to(ROOT).as_posix() for path in found} == set(SCHEMAS)


@pytest.mark.parametrize(("path", "schema"), SCHEMAS.items())
def test_a_file_that_github_reads_is_well_formed(path, schema):
    command = [
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema,
        "--default-filetype", "yaml", path,
    ]  # fmt: skip
    checked = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_workflow_runs_every_check_of_ours():
    workflow = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    assert "- run: .ci/run\n" in workflow
    assert "MSSP_RESULTS_DIR=" in workflow
    assert "MSSP_RESULTS_DIR" in (ROOT / ".ci/run").read_text("utf-8")


def test_version_authors_and_license_are_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    license_text = (ROOT / "LICENSE").read_text("utf-8")
    assert f"\nversion: {project['version']}\n" in citation
    (author,) = project["authors"]
    assert f"- name: {author['name']}\n" in citation
    assert f"Copyright (c) 2026 {author['name']}\n" in license_text
    assert f"\nlicense: {project['license']}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    day = citation.partition('date-released: "')[2][:10]
    assert f"\n## {project['version']}, {day}\n" in changes


def test_the_address_of_the_project_stands_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (address,) = project["urls"].values()
    texts = [*ROOT.glob("*.md"), *(ROOT / ".github").rglob("*.*"), ROOT / "CITATION.cff"]
    assert [path.name for path in texts if address in path.read_text("utf-8")] == []
