"""The graph of ways in against a model that looks at every instant by itself."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from keystead.exposure.graph import Chain, Confidence, Graph, Node, Step
from keystead.kernel import intervals
from keystead.kernel.intervals import ALWAYS, Spans

BEGIN = datetime(2026, 3, 28, tzinfo=UTC)
DAYS = 12
NODES: list[Node] = [("thing", number) for number in range(40)]


def day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)


def spans(*pairs: tuple[int, int]) -> Spans:
    return intervals.union(intervals.span(day(start), day(end)) for start, end in pairs)


WHEN = st.one_of(
    st.just(ALWAYS),
    st.lists(st.tuples(st.integers(0, DAYS), st.integers(0, DAYS)), min_size=1, max_size=3).map(
        lambda pairs: spans(*pairs)
    ),
)
STEPS = st.builds(
    Step,
    head=st.sampled_from(NODES),
    needs=st.lists(st.sampled_from(NODES), max_size=3).map(tuple),
    when=WHEN,
    confidence=st.sampled_from(Confidence),
    why=st.tuples(st.just("record"), st.integers(0, 99)),
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Step], list[Step]]:
    """What somebody has, and what follows, among forty nodes."""
    steps = draw(st.lists(STEPS, max_size=50))
    begin = [
        Step(node, (), draw(WHEN), draw(st.sampled_from(Confidence)), ("credential", node[1]))
        for node in draw(st.lists(st.sampled_from(NODES), max_size=8))
    ]
    return begin, steps


def naive(steps: Sequence[Step], at: datetime, worst: Confidence) -> set[Node]:
    """What follows at one instant: everything again and again until nothing is new."""
    found: set[Node] = set()
    while True:
        more = {
            step.head
            for step in steps
            if step.confidence <= worst
            and any(start <= at < end for start, end in step.when)
            and all(node in found for node in step.needs)
        }
        if more <= found:
            return found
        found |= more


@settings(max_examples=2000)
@given(worlds(), st.sampled_from(Confidence))
def test_times_are_those_of_a_model_that_looks_at_every_instant(
    world: tuple[list[Step], list[Step]], worst: Confidence
) -> None:
    begin, steps = world
    graph = Graph(steps)
    found = graph.times(begin, spans((0, DAYS)), worst)
    for number in range(DAYS):
        expected = naive(begin + steps, day(number), worst)
        assert {
            node for node, when in found.items() if intervals.has(when, day(number))
        } == expected
        instant = intervals.instant(day(number))
        assert set(graph.times(begin, instant, worst)) == expected


def check(chain: Chain, steps: list[Step], target: Node) -> None:
    """Every step is one of the world's and true; each comes after its needs; none is left over."""
    had: set[Node] = set()
    for step in chain.steps:
        assert step in steps
        assert intervals.has(step.when, chain.at)
        assert set(step.needs) <= had
        had.add(step.head)
    assert chain.steps[-1].head == target
    assert max(step.confidence for step in chain.steps) == chain.confidence
    for left_out in chain.steps:
        others = [step for step in chain.steps if step != left_out]
        assert target not in naive(others, chain.at, chain.confidence)


@settings(max_examples=2000)
@given(worlds(), st.sampled_from(NODES))
def test_a_chain_is_true_minimal_and_as_sure_as_any(
    world: tuple[list[Step], list[Step]], target: Node
) -> None:
    begin, steps = world
    everything = begin + steps
    chain = Graph(steps).chain(begin, target, spans((0, DAYS)))
    instants = [day(number) for number in range(DAYS)]
    surest = next(
        (w for w in Confidence if any(target in naive(everything, at, w) for at in instants)),
        None,
    )
    assert (chain is None) == (surest is None)
    if chain is not None:
        assert chain.confidence == surest
        check(chain, everything, target)


@settings(max_examples=300)
@given(worlds(), worlds())
def test_more_to_begin_with_never_opens_less(
    world: tuple[list[Step], list[Step]], more: tuple[list[Step], list[Step]]
) -> None:
    begin, steps = world
    window = spans((0, DAYS))
    before = Graph(steps).times(begin, window)
    after = Graph(steps + more[1]).times(begin + more[0], window)
    for node, when in before.items():
        assert intervals.meet([when, after[node]]) == when
