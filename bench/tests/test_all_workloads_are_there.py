import pytest

from bench.__main__ import WORKLOADS, main


def test_the_workloads_go_by_their_names() -> None:
    assert list(WORKLOADS) == ["W1", "W1b", "W1c", "W2", "W2b", "W3", "W8", "W9", "W10", "W11", "W12"]


@pytest.mark.parametrize("name", list(WORKLOADS))
def test_no_figure_is_named_twice(name: str) -> None:
    keys = [line.key for line in WORKLOADS[name].lines]
    assert len(set(keys)) == len(keys)


def test_an_unknown_workload_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["W1", "W99"])
    assert "there is no W99" in capsys.readouterr().err
