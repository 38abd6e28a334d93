"""How many faults above the rules the tests notice: ``benchmarks/mutants.py``.

A seeded sample of mutmut's mutants, drawn by package as ``mutants.toml`` lists them, is put in
one at a time and asked of the tests that call the changed function and then of those that call
another of its file, the quickest run of each test first:

    uv run --with mutmut==3.8.1 python benchmarks/mutants.py --seed 1

Tests are collected once. Each mutant gets a forked copy of that process; one in a function that
import or collection has called already gets a process of its own. What is left out, because it
changes only a size, a colour or an offset, is told by the patterns of ``mutants.toml`` and
counted. A mutant is noticed when a test fails or hangs.
"""

import argparse
import fnmatch
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import textwrap
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import libcst as cst  # noqa: E402
import pytest  # noqa: E402
from mutmut.mutation.file_mutation import create_mutations  # noqa: E402

KEPT = ROOT / "mutants"
"""Where times, calls and answers are kept between runs; git ignores it."""

PLAN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LEFT_OUT = [re.compile(pattern) for pattern in PLAN["left_out"]]
Z = 1.96
NOT_PUT_IN = "not put in"
MOST = 25
"""Runs of one test with many values that are asked; all of them would take too long."""

SLACK = 30
"""Seconds a mutant may run longer than its tests take before it counts as hanging."""

PYTEST = (
    "-q", "--tb=no", "-p", "no:xdist", "-p", "no:cacheprovider", "--capture=sys",
    "-W", "ignore::pytest.PytestUnknownMarkWarning",
    "-o", "addopts=", "--doctest-modules", "--import-mode=importlib",
    "-m", "not browser and not long",
    *(f"--ignore-glob={ROOT / pattern}" for pattern in PLAN["not_asked"]),
    f"--basetemp={KEPT / 'tmp'}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one function, with the lines it changes."""

    package: str
    file: str
    function: str
    number: int
    change: str
    source: str

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.file}:{self.function}:{self.number}"

    @property
    def left_out(self) -> bool:
        """Whether it changes only what the patterns name."""
        return any(pattern.search(self.pointed) for pattern in LEFT_OUT)

    @property
    def pointed(self) -> str:
        """The file, what stands before the change, and between ⟪ and ⟫ the change itself."""
        old, _, new = self.change.partition(" => ")
        before = len(_common(old, new))
        after = len(_common(old[before:][::-1], new[before:][::-1]))
        one, other = (side[before : len(side) - after] for side in (old, new))
        return f"{self.file}: {old[:before][-60:]}⟪{one}→{other}⟫"


def _common(one: str, other: str) -> str:
    end = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return one[:end] if end is not None else min(one, other, key=len)


def packages() -> Iterator[tuple[str, str]]:
    """Yield each package with each of its files."""
    files = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / "mssp_sim").rglob("*.py"))
    for package, patterns in PLAN["packages"].items():
        for file in files:
            if any(fnmatch.fnmatch(file, pattern) for pattern in patterns):
                yield package, file


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn of one file: how many mutants it has, and those that were picked."""

    package: str
    count: int
    mutants: tuple[Mutant, ...]


def drawn_of(package: str, file: str, seed: int, one_in: int) -> Drawn:
    """Return one in so many of a file's mutants, each picked or not by itself.

    Making them takes seconds a file, so they are kept until the file changes.
    """
    text = (ROOT / file).read_text("utf-8")
    told = f"{file} {seed} {one_in} {text}".encode()
    kept = KEPT / "made" / f"{hashlib.sha256(told).hexdigest()[:20]}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_made_of(file, text, random.Random(f"{seed}{file}"), one_in)))
    count, made = json.loads(kept.read_text("utf-8"))
    return Drawn(package, count, tuple(Mutant(package, file, *each) for each in made))


def _made_of(file: str, text: str, draw: random.Random, one_in: int) -> tuple[int, list[Any]]:
    module, mutations, _, _ = create_mutations(file, text)
    classes = {
        member: outer.name.value
        for outer in module.body
        if isinstance(outer, cst.ClassDef)
        for member in outer.body.body
    }
    counts: Counter[str] = Counter()
    found = []
    for mutation in mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue
        within = classes.get(function)
        name = f"{within}.{function.name.value}" if within else function.name.value
        counts[name] += 1
        if draw.randrange(one_in):
            continue
        mutated = function.deep_replace(mutation.original_node, mutation.mutated_node)
        lines = _code(module, mutated)
        source = "\n".join(lines)
        if within:
            source = f"class {within}:\n{textwrap.indent(source, '    ')}"
        change = _change(_code(module, function), lines)
        if change:
            found.append((name, counts[name], change, source))
    return counts.total(), found


def _code(module: cst.Module, function: cst.FunctionDef) -> list[str]:
    bare = function.with_changes(leading_lines=[])
    return module.code_for_node(bare).splitlines()


def _change(before: list[str], after: list[str]) -> str:
    """Return the lines that differ, before and after."""
    first = next(
        (n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None
    )
    if first is None:
        return ""
    last = next(
        (
            n
            for n, p in enumerate(zip(reversed(before), reversed(after), strict=False))
            if p[0] != p[1]
        ),
        0,
    )
    last = min(last, len(before) - first, len(after) - first)
    sides = (" ".join(map(str.strip, each[first : len(each) - last])) for each in (before, after))
    return " => ".join(sides)


def grouped(mutants: Sequence[Mutant]) -> dict[str, list[Mutant]]:
    """Return mutants by package."""
    found: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        found.setdefault(mutant.package, []).append(mutant)
    return found


# A mutant put in.


def module_name(file: str) -> str:
    """Return the module that a file is imported as."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def put_in(mutant: Mutant) -> None:
    """Change the function where it stands, for all who hold it."""
    module = importlib.import_module(module_name(mutant.file))
    held: Any = module
    for part in mutant.function.split("."):
        held = inspect.getattr_static(held, part)
    held = getattr(held, "__func__", held)
    made = _made(mutant, module)
    held.__code__, held.__defaults__ = made.__code__, made.__defaults__
    held.__kwdefaults__ = made.__kwdefaults__


def _made(mutant: Mutant, module: ModuleType) -> FunctionType:
    flags = importlib.import_module("__future__").annotations.compiler_flag
    code = compile(mutant.source, mutant.file, "exec", flags=flags, dont_inherit=True)
    names = dict(vars(module))
    exec(code, names)
    made: Any = names[mutant.function.split(".")[0]]
    for part in mutant.function.split(".")[1:]:
        made = inspect.getattr_static(made, part)
    made = getattr(made, "__func__", made)
    function = FunctionType(
        made.__code__, vars(module), made.__name__, made.__defaults__, made.__closure__
    )
    function.__kwdefaults__ = made.__kwdefaults__
    return function


class PutInOnImport(importlib.abc.MetaPathFinder):
    """Give the changed module to whoever imports it first."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:  # noqa: ANN401
        """Return the spec of the changed module, and of no other."""
        if name != module_name(self.mutant.file):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None:
            spec.loader = _Changed(name, str(ROOT / self.mutant.file), self.mutant)
        return spec


class _Changed(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self.mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        del fullname
        source = (ROOT / self.mutant.file).read_text("utf-8")
        tree = cst.parse_module(source)
        made = cst.parse_module(self.mutant.source).body[0]
        *outer, name = self.mutant.function.split(".")
        if isinstance(made, cst.ClassDef):
            made = made.body.body[0]

        class Swap(cst.CSTTransformer):
            def __init__(self) -> None:
                self.within: list[str] = []

            def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
                self.within.append(node.name.value)

            def leave_ClassDef(self, _: Any, node: cst.ClassDef) -> cst.ClassDef:  # noqa: N802, ANN401
                self.within.pop()
                return node

            def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
                self.within.append(node.name.value)

            def leave_FunctionDef(self, _: Any, node: cst.FunctionDef) -> Any:  # noqa: N802, ANN401
                here = self.within.copy()
                self.within.pop()
                return made if here == [*outer, name] else node

        return compile(tree.visit(Swap()).code, str(ROOT / self.mutant.file), "exec")


# The tests.


class Asked:
    """A pytest plugin: runs tests in forked copies instead of its own loop."""

    def __init__(self, run: Any) -> None:  # noqa: ANN401
        self.run, self.failed, self.broken = run, False, False
        self.calls: set[CodeType] = set()
        self.prepared: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        """Let Hypothesis look at few examples, the same each time."""
        import hypothesis  # noqa: PLC0415  (pytest wants to see it imported first)

        hypothesis.settings.register_profile(
            "mutants", deadline=None, derandomize=True, max_examples=10, database=None
        )
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Give the collected tests to what was asked for."""
        self.run(self, session.items)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a test failed."""
        self.failed |= report.failed

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember that a file could not be collected."""
        self.broken |= report.failed

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        """Keep what the fixtures of a test call: the next test may use them as they are."""
        self.calls.clear()
        yield
        self.prepared |= functions(self.calls)

    def noticed(self, items: Sequence[pytest.Item]) -> str:
        """Return the first test that fails, or nothing."""
        self.failed = False
        for at, item in enumerate(items):
            following = items[at + 1] if at + 1 < len(items) else None
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return item.nodeid
        return ""


def apart(work: Any, seconds: float) -> str | None:  # noqa: ANN401
    """Return what some work in a forked copy says; None if it takes too long."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(
            resource.RLIMIT_CPU, (spent := math.ceil(time.process_time() + seconds), spent + 5)
        )
        try:
            said = work()
        except BaseException as error:
            said = f"raised {type(error).__name__}: {error}"
        os.write(writes, said.encode()[:60_000])
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return None if status else said


def recorded(asked: Asked, items: Sequence[pytest.Item], into: Path) -> None:
    """Run each test once and write which functions it calls and how long it takes.

    What a fixture calls counts for every later test of the same file, which may share it.
    """

    def note(frame: FrameType, _event: str, _arg: object) -> None:
        asked.calls.add(frame.f_code)

    def work() -> str:
        here = None
        for item in items:
            if item.path != here:
                here = item.path
                asked.prepared.clear()
            asked.failed, began = False, time.process_time()
            sys.settrace(note)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            sys.settrace(None)
            took = round(time.process_time() - began, 4)
            called = sorted(functions(asked.calls) | asked.prepared)
            with into.open("a") as out:
                out.write(json.dumps([item.nodeid, took, asked.failed, called]) + "\n")
        return "done"

    apart(work, 3600)


def spread(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return the tests, of one that is run for many values only some, evenly spaced."""
    families: dict[str, list[pytest.Item]] = {}
    for item in items:
        families.setdefault(item.nodeid.partition("[")[0], []).append(item)
    return [item for each in families.values() for item in each[:: math.ceil(len(each) / MOST)]]


def functions(codes: set[CodeType]) -> set[str]:
    """Return the file and the outermost name of each function of ours among some code."""
    root, found = f"{ROOT}/", set()
    for code in codes:
        if code.co_filename.startswith(f"{root}mssp_sim"):
            name = code.co_qualname.split(".<locals>")[0]
            found.add(f"{code.co_filename.removeprefix(root)}:{name}")
    return found


class Score:
    """What became of a sample."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.file = KEPT / f"answers-{seed}.jsonl"
        self.answers: dict[str, str] = {}
        if self.file.exists():
            for line in self.file.read_text("utf-8").splitlines():
                name, change, said = json.loads(line)
                self.answers[name + change] = said

    def keep(self, mutant: Mutant, said: str) -> None:
        """Write down what became of one."""
        self.answers[mutant.name + mutant.change] = said
        with self.file.open("a") as out:
            out.write(json.dumps([mutant.name, mutant.change, said]) + "\n")

    def counts(self, mutant: Mutant) -> bool:
        """Return whether a mutant was asked about and could be put in."""
        said = self.of(mutant)
        return said is not None and not said.startswith(NOT_PUT_IN)

    def of(self, mutant: Mutant) -> str | None:
        """Return what became of one, None if it was not asked yet."""
        return self.answers.get(mutant.name + mutant.change)


def wilson(share: float, number: float) -> tuple[float, float]:
    """Return the 95% interval of a share of so many."""
    middle = (share + Z**2 / (2 * number)) / (1 + Z**2 / number)
    half = (
        Z / (1 + Z**2 / number)
        * math.sqrt(share * (1 - share) / number + Z**2 / (4 * number**2))
    )  # fmt: skip
    return middle - half, middle + half


def report(drawn: Sequence[Drawn], score: Score) -> None:
    """Print the score of each package and of all, with its interval; write who survived."""
    chosen = [m for each in drawn for m in each.mutants]
    sizes: Counter[str] = Counter()
    for each in drawn:
        sizes[each.package] += each.count
    kept = {
        package: [m for m in found if not m.left_out] for package, found in grouped(chosen).items()
    }
    weights = {
        package: sizes[package] * len(kept[package]) / len(found)
        for package, found in grouped(chosen).items()
    }
    share_of_all, spread, asked_in_all = 0.0, 0.0, 0
    print(f"\n{'package':<10} {'mutants':>8} {'drawn':>6} {'left out':>8} {'noticed':>12}  95%")
    for package, found in kept.items():
        asked = [m for m in found if score.counts(m)]
        if not asked:
            continue
        noticed = sum(score.of(m) != "" for m in asked)
        share = noticed / len(asked)
        low, high = wilson(share, len(asked))
        weight = weights[package] / sum(weights.values())
        share_of_all += weight * share
        spread += weight**2 / len(asked)
        asked_in_all += len(asked)
        everything = len(grouped(chosen)[package])
        print(
            f"{package:<10} {sizes[package]:>8} {everything:>6} {everything - len(found):>8} "
            f"{noticed:>4} of {len(asked):<4} {share:>6.1%}  {low:.1%} to {high:.1%}"
        )
    if spread:
        low, high = wilson(share_of_all, 1 / spread)
        print(
            f"{'all':<10} {sizes.total():>8} {len(chosen):>6} "
            f"{len(chosen) - sum(map(len, kept.values())):>8} {asked_in_all:>12} "
            f"{share_of_all:>6.1%}  {low:.1%} to {high:.1%}, each package by its size"
        )
    survivors = [m for m in chosen if score.of(m) == ""]
    told = "\n".join(f"{m.name}\n    {m.change}" for m in survivors)
    (KEPT / f"survivors-{score.seed}.txt").write_text(f"{told}\n", "utf-8")


def read_calls(record: Path) -> dict[str, tuple[float, bool, list[str]]]:
    """Return what each test takes, whether it fails and what it calls, as it was recorded."""
    lines = map(json.loads, record.read_text("utf-8").splitlines())
    return {name: (took, failed, called) for name, took, failed, called in lines}


class Asking:
    """A run of the tests, in which every mutant that waits is asked about."""

    def __init__(
        self, waiting: Sequence[Mutant], score: Score, budget: float, minutes: float
    ) -> None:
        self.waiting, self.score, self.budget, self.minutes = waiting, score, budget, minutes
        self.early: set[CodeType] = set()
        self.before: set[str] = set()
        self.by_function: dict[str, list[tuple[float, pytest.Item]]] = {}
        self.by_file: dict[str, list[tuple[float, pytest.Item]]] = {}
        self.caught: dict[str, Counter[str]] = {}

    def run(self) -> None:
        """Collect the tests, noting what that calls already, and ask."""
        sys.settrace(self._note)
        pytest.main([*PYTEST, *PLAN["tests"]], plugins=[Asked(self._ask)])
        sys.settrace(None)

    def _note(self, frame: FrameType, _event: str, _arg: object) -> None:
        self.early.add(frame.f_code)

    def _ask(self, asked: "Asked", items: list[pytest.Item]) -> None:
        sys.settrace(None)
        self.before = functions(self.early)
        self._know(asked, spread(items))
        began = time.monotonic()
        for number, mutant in enumerate(self.waiting, 1):
            if time.monotonic() - began > 60 * self.minutes:
                break
            start = time.monotonic()
            said = self._one(asked, mutant)
            self.score.keep(mutant, said)
            took = f"{number} of {len(self.waiting)}, {time.monotonic() - start:.1f} s"
            print(f"{took}: {mutant.name}: {said[:90] or 'SURVIVED'}", flush=True)

    def _know(self, asked: "Asked", items: list[pytest.Item]) -> None:
        """Learn which functions each test calls, from before or by running it."""
        record = KEPT / "calls.jsonl"
        record.touch()
        known = read_calls(record)
        missing = [item for item in items if item.nodeid not in known]
        print(f"\n{len(items)} tests, {len(missing)} of them run first", flush=True)
        if missing:
            recorded(asked, missing, record)
        known = read_calls(record)
        for item in items:
            took, failed, called = known.get(item.nodeid, (0.0, True, []))
            if failed:
                print(f"fails without a mutant: {item.nodeid}", flush=True)
                continue
            for function in called:
                self.by_function.setdefault(function, []).append((took, item))
            for file in {function.partition(":")[0] for function in called}:
                self.by_file.setdefault(file, []).append((took, item))

    def _one(self, asked: "Asked", mutant: Mutant) -> str:
        """Return which test notices a mutant, or nothing."""
        function = f"{mutant.file}:{mutant.function}"
        keen = self.caught.setdefault(mutant.file, Counter())
        calling = self.by_function.get(function, [])
        # What import calls, or a test before through a cache, is known of no test that comes later.
        known = {item.nodeid for _, item in calling}
        others = [t for t in self.by_file.get(mutant.file, []) if t[1].nodeid not in known]
        tests = within(in_turn(calling, keen) + in_turn(others, keen), self.budget)
        if not tests:
            return ""
        items, seconds = [item for _, item in tests], sum(took for took, _ in tests)
        if function in self.before:
            said = in_its_own_process(mutant, [item.nodeid for item in items], seconds)
        else:

            def work() -> str:
                try:
                    put_in(mutant)
                except Exception as error:  # told apart from what a test notices
                    return f"{NOT_PUT_IN}: {type(error).__name__} {error}"
                return asked.noticed(items)

            said = apart(work, 2 * seconds + SLACK)
        said = "hangs or dies" if said is None else said
        keen[said.partition("[")[0]] += bool(said)
        return said


def main() -> None:
    """Draw, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--thin", type=int, default=1, help="draw so many times fewer")
    parser.add_argument("--budget", type=float, default=20, help="seconds of tests for each")
    parser.add_argument("--minutes", type=float, default=600, help="stop asking after so many")
    parser.add_argument("--only", default=",".join(PLAN["packages"]), help="packages, with commas")
    parser.add_argument("--show", action="store_true", help="report what is known, ask nothing")
    parser.add_argument("--again", action="store_true", help="ask survivors again")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    args = parser.parse_args()
    KEPT.mkdir(exist_ok=True)
    os.chdir(ROOT)
    if args.one:
        one(args.one)
        return
    drawn = [
        drawn_of(package, file, args.seed, PLAN["one_in"][package] * args.thin)
        for package, file in packages()
        if package in args.only.split(",")
    ]
    score = Score(args.seed)
    if not args.show:
        chosen = [m for each in drawn for m in each.mutants if not m.left_out]
        asked_for = (None, "") if args.again else (None,)
        waiting = [m for m in chosen if score.of(m) in asked_for]
        random.Random(0).shuffle(waiting)
        Asking(waiting, score, args.budget, args.minutes).run()
    report(drawn, score)


def in_turn(tests: Sequence[tuple[float, Any]], keen: Mapping[str, int]) -> list[tuple[float, Any]]:
    """Return tests in the order they are asked: what noticed most, then each test's quickest run.

    A test that is run for many values would else use up the budget before others have their turn.
    """
    seen: Counter[str] = Counter()
    ranked = []
    for took, item in sorted(tests, key=lambda test: test[0]):
        family = item.nodeid.partition("[")[0]
        ranked.append(((-keen[family], seen[family], took), (took, item)))
        seen[family] += 1
    return [test for _, test in sorted(ranked, key=lambda each: each[0])]


def within(tests: Sequence[tuple[float, Any]], budget: float) -> list[tuple[float, Any]]:
    """Return the quickest tests that a budget of seconds allows."""
    found, spent = [], 0.0
    for took, item in tests:
        spent += took
        if spent > budget and found:
            break
        found.append((took, item))
    return found


def in_its_own_process(mutant: Mutant, tests: Sequence[str], seconds: float) -> str | None:
    """Return the first test that fails in a process that imports the mutant from the start.

    Most are noticed by the tests of the first file already; to collect all files takes longer.
    """
    first = [name for name in tests if name.partition("::")[0] == tests[0].partition("::")[0]]
    said = _in_a_process(mutant, first, seconds)
    if said == "" and len(first) < len(tests):
        said = _in_a_process(mutant, [name for name in tests if name not in first], seconds)
    return said


def _in_a_process(mutant: Mutant, tests: Sequence[str], seconds: float) -> str | None:
    told = KEPT / f"one-{os.getpid()}.json"
    names = ("package", "file", "function", "number", "change", "source")
    told.write_text(json.dumps([{n: getattr(mutant, n) for n in names}, list(tests)]))
    command = [sys.executable, str(Path(__file__)), "--one", str(told)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False,
            timeout=4 * seconds + 300,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    said = re.search(r"^SAID (.*)$", done.stdout, re.MULTILINE)
    return said[1] if said else "does not import or collect"


def one(told: str) -> None:
    """Run some tests with a mutant that is there from the start."""
    fields, tests = json.loads(Path(told).read_text("utf-8"))
    sys.meta_path.insert(0, PutInOnImport(Mutant(**fields)))
    answer: list[str] = []

    def run(asked: Asked, items: list[pytest.Item]) -> None:
        by_name = {item.nodeid: item for item in items}
        missing = [name for name in tests if name not in by_name]
        if missing and asked.broken:
            answer.append(f"does not collect: {missing[0]}")
            return
        if missing:
            answer.append(f"{NOT_PUT_IN}: {missing[0]} is not collected")
            return
        answer.append(asked.noticed([by_name[name] for name in tests]))

    files = sorted({name.partition("::")[0] for name in tests})
    # A file that pytest is asked for by name is rewritten, past the one who puts the mutant in.
    pytest.main([*PYTEST, "--assert=plain", *files], plugins=[Asked(run)])
    print(f"\nSAID {answer[0] if answer else 'does not collect'}")


if __name__ == "__main__":
    main()
