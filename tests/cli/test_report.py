"""The HTML report: complete, harmless, and fit to be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.chromium import Page, browsing, find_chromium
from tests.cli.comparisons import COMPARISON, HOSTILE
from vs_cli.compare.pictures import draw_pictures
from vs_cli.compare.report import SHOWN_ANSWERS, SHOWN_PROMPTS, render_report
from vs_cli.picture import Picture
from vs_core.comparison import Comparison, ComparisonSettings, MethodResponses
from vs_core.metrics import METRICS
from vs_core.simulation import SIMULATION_NOTICE

SVG = "{http://www.w3.org/2000/svg}"


class Reader(HTMLParser):
    """Collects the tags, and the text between them, as a browser would decode it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return draw_pictures(COMPARISON)


@pytest.fixture(scope="module")
def page(pictures: list[Picture]) -> str:
    return render_report(COMPARISON, pictures)


def test_what_a_model_wrote_is_shown_as_written_and_never_as_markup(page: str) -> None:
    reader = Reader(page)
    assert HOSTILE in reader.text
    assert not {"script", "img", "iframe", "i", "b"} & {tag for tag, _ in reader.tags}


def test_prompts_and_failures_are_escaped_too(page: str) -> None:
    text = Reader(page).text
    assert "Why <b>coffee</b>?" in text
    assert "RateLimitError: <i>slow down</i>" in text


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    references = [
        value
        for _, attributes in Reader(page).tags
        for name, value in attributes.items()
        if name.split(":")[-1] in {"src", "href", "srcset", "data", "action"}
    ]
    assert all((value or "").startswith("#") for value in references)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_policy_of_the_page_forbids_scripts_and_loading(page: str) -> None:
    policies = [a["content"] for tag, a in Reader(page).tags if "http-equiv" in a and tag == "meta"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_each_metric_stands_with_value_interval_direction_and_meaning(page: str) -> None:
    text = " ".join(Reader(page).text.split())
    assert "Unique ↑ 0.25 0.20–0.30 1.00 1.00–1.00" in text
    assert "ROUGE-L ↓" in text
    assert METRICS["rouge_l"].description in text


def test_the_best_value_is_marked_where_values_differ(page: str) -> None:
    table = page[page.index('id="summary"') :].partition("</table>")[0]
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    best = {row.split(">")[2].split(" ")[0]: re.findall(r'best">([^<]+)', row) for row in rows}
    assert (best["Unique"], best["ROUGE-L"], best["Self-BLEU"]) == (["1.00"], ["0.10"], [])


def test_what_was_spent_stands_beside_what_it_brought(page: str) -> None:
    text = " ".join(Reader(page).text.split())
    assert "Output tokens 32 2,080" in text
    assert "standard: 3.0 times as many distinct responses as direct (6 to 2)" in text


def test_responses_are_counted_as_the_metrics_count_them(page: str) -> None:
    assert "4 × To wake up." in Reader(page).text


def test_failures_are_listed_with_their_number(page: str) -> None:
    assert "2 × standard: RateLimitError" in Reader(page).text


def test_the_limits_are_stated(page: str) -> None:
    text = Reader(page).text
    assert "not calibrated" in text
    assert "No metric sees quality" in text


def test_a_simulation_is_called_one() -> None:
    simulated = COMPARISON.settings.model_copy(update={"simulated": True})
    shown = Reader(render_report(COMPARISON.model_copy(update={"settings": simulated}))).text
    assert SIMULATION_NOTICE in shown
    assert SIMULATION_NOTICE not in Reader(render_report(COMPARISON)).text


def test_what_a_reader_should_know_is_noted(page: str) -> None:
    assert COMPARISON.notes[0] in Reader(page).text


def test_what_is_left_out_of_a_long_report_is_counted() -> None:
    prompts = tuple(f"Question {number}?" for number in range(SHOWN_PROMPTS + 3))
    texts = tuple(f"answer {number}" for number in range(SHOWN_ANSWERS + 4))
    large = Comparison(
        settings=ComparisonSettings(prompts=prompts, methods=("direct",)),
        results=tuple(MethodResponses(prompt=p, method="direct", texts=texts) for p in prompts),
    )
    shown = Reader(render_report(large)).text
    assert "3 more prompts are in report.json" in shown
    assert "and 4 more, in report.json" in shown


def test_a_comparison_that_brought_nothing_can_be_reported() -> None:
    empty = Comparison(settings=ComparisonSettings(prompts="Why?"), planned=3)
    assert "Why?" in Reader(render_report(empty)).text


def test_the_pictures_have_names_for_those_who_cannot_see_them(
    page: str, pictures: list[Picture]
) -> None:
    labels = [a["aria-label"] for tag, a in Reader(page).tags if tag == "figure"]
    assert labels == [picture.title for picture in pictures]
    assert labels


def test_what_two_pictures_call_by_the_same_name_is_the_same(pictures: list[Picture]) -> None:
    # In one page a name stands for whatever has it first.
    defined: dict[str, set[bytes]] = {}
    for picture in pictures:
        drawn = ET.fromstring(picture.file)  # noqa: S314  # our own
        for definitions in drawn.iter(f"{SVG}defs"):
            for element in definitions.iter():
                if "id" in element.attrib:
                    text = ET.tostring(element).strip()
                    defined.setdefault(element.attrib["id"], set()).add(text)
    assert defined
    assert all(len(meanings) == 1 for meanings in defined.values())


@pytest.fixture(scope="module")
def browser(page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on this machine")
    home = tmp_path_factory.mktemp("chromium")
    (home / "report.html").write_text(page, encoding="utf-8")
    with browsing(program, home / "profile") as opened:
        opened.open(home / "report.html")
        yield opened


class TestInABrowser:
    """What only a browser can tell."""

    def test_there_is_no_complaint(self, browser: Page) -> None:
        assert browser.seen("Log.entryAdded") == []
        assert browser.seen("Runtime.exceptionThrown") == []
        assert browser.seen("Runtime.consoleAPICalled") == []

    def test_only_the_page_itself_is_loaded(self, browser: Page) -> None:
        loaded = [seen["request"]["url"] for seen in browser.seen("Network.requestWillBeSent")]
        assert [Path(url).name for url in loaded] == ["report.html"]

    def test_no_script_of_a_response_ran(self, browser: Page) -> None:
        assert "broken" not in browser.evaluate("document.title")

    def test_the_table_is_visible(self, browser: Page) -> None:
        assert browser.evaluate("document.querySelector('#summary').checkVisibility()")
        assert browser.evaluate("document.querySelector('#summary').offsetHeight") > 100

    def test_every_picture_is_visible_in_its_proportions(
        self, browser: Page, pictures: list[Picture]
    ) -> None:
        sizes = browser.evaluate(
            "[...document.querySelectorAll('figure svg')].map(s => {"
            " const box = s.getBoundingClientRect(), view = s.viewBox.baseVal;"
            " return [box.width, box.width / box.height - view.width / view.height] })"
        )
        assert len(sizes) == len(pictures)
        assert all(width > 300 and abs(difference) < 0.02 for width, difference in sizes)

    def test_a_response_is_shown_letter_by_letter(self, browser: Page) -> None:
        assert HOSTILE in browser.evaluate("document.body.innerText")

    @pytest.mark.parametrize("width", [240, 360, 1280])
    def test_the_page_fits_screens_of_any_width(self, browser: Page, width: int) -> None:
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=False,
        )
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
