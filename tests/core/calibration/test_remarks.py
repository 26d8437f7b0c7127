"""What is said beside the figures."""

from __future__ import annotations

from tests.core.calibration.worlds import alternating, squared, world
from vs_core.calibration import calibrate


def test_fewer_than_a_hundred_examples_are_called_few() -> None:
    few = "only 99 examples: the intervals say how little that is"
    assert few in calibrate(*world(99), folds=2).remarks
    assert not [r for r in calibrate(*world(100), folds=2).remarks if "only" in r]


def test_a_true_label_that_is_always_the_same_is_said() -> None:
    decisions, _ = world(30)
    remarks = calibrate(decisions, ["returns"] * 30).remarks
    assert (
        "the true label is always 'returns': what the numbers of others mean is not shown"
        in remarks
    )
    assert not [r for r in calibrate(*world(30)).remarks if "always" in r]


def test_choices_that_are_all_right_or_all_wrong_are_said() -> None:
    right, wrong = alternating(30, right=3), alternating(30, right=0)
    for examples, which in ((right, "right"), (wrong, "wrong")):
        assert (
            f"the most probable label is always {which}: what its number means is not shown"
            in calibrate(*examples).remarks
        )


def test_differences_that_may_be_none_are_named() -> None:
    remarks = calibrate(*world(40), method="temperature").remarks
    assert (
        "no difference shown in ECE, Brier score, log loss: the interval of the change includes 0"
        in remarks
    )


def test_where_all_three_become_better_nothing_is_said() -> None:
    found = calibrate(*world(1500, squared), method="temperature", folds=2)
    assert found.change.ece.high < 0
    assert found.remarks == ()


def test_what_becomes_worse_is_named() -> None:
    # The numbers mean what they say, so that a curve can but follow chance.
    remarks = calibrate(*world(100, seed=0), method="isotonic", folds=2).remarks
    worse = [remark for remark in remarks if "worse than as stated in" in remark]
    assert worse
    assert all(remark.endswith(": use the numbers as they are stated") for remark in worse)
