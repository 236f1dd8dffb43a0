"""Who may open which address and what it answers, line by line. A route without a line fails the build."""

from tests.house.authz import Line
from tests.house.lines import browser, datamap, forgetting, main, policy, rights, support

LINES: dict[str, Line] = {
    **main.LINES,
    **browser.LINES,
    **datamap.LINES,
    **forgetting.LINES,
    **policy.LINES,
    **rights.LINES,
    **support.LINES,
}
