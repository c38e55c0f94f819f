from remit.policy import folded


def test_a_context_is_folded() -> None:
    assert folded({"aws:UserName": "ana", "aws:TagKeys": ["a", "b"], "x": (), "s": "T"}) == {
        "aws:username": "ana",
        "aws:tagkeys": ("a", "b"),
        "x": (),
        "s": "T",
    }


def test_of_two_keys_that_differ_by_case_the_last_one_stays() -> None:
    assert folded({"aws:ResourceTag/Team": "red", "aws:ResourceTag/team": "blue"}) == {"aws:resourcetag/team": "blue"}


def test_numbers_and_truths_become_the_text_they_stand_for() -> None:
    assert folded({"a": True, "b": False, "c": 7, "d": 1.5}) == {"a": "true", "b": "false", "c": "7", "d": "1.5"}
