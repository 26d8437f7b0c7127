"""One table of exchanges that every driver must run alike.

Each scenario says what the model answers, turn by turn, and what must come out of it. LangChain
sync, async and streaming run the same table, so that no logic can differ between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from vs_core import QUERY_REWRITES, NoCandidatesError, RefusalError, UnexpectedToolCallError
from vs_core.adapters import ToolCall

QUESTION = "Tell me a joke about coffee"


class ModelDownError(Exception):
    """What a scripted model raises."""


@dataclass(frozen=True)
class Said:
    """A reply with what its provider says of it; each scripted model says so in its own words.

    Attributes:
        text: What the model wrote.
        refusal: The words of a refusal.
        ending: Why the reply ended.
        calls: Calls of other tools.
        breaks: The error that a stream ends with, behind the text.
    """

    text: str = ""
    refusal: str = ""
    ending: str = "stop"
    calls: tuple[ToolCall, ...] = ()
    breaks: Exception | None = None


@dataclass(frozen=True)
class Scenario:
    """One exchange.

    Attributes:
        name: Shown by pytest.
        script: Replies in order; an exception is raised in place of a reply.
        texts: The candidates that must come out.
        settings: Settings of the component.
        turns: The last user message of each call, for those that matter: a part of it.
        error: The exception that must come out instead.
        repairs: A part of the first candidate's repairs.
        notes: A part of the notes in the trace.
        dropped: Reasons in the trace, in part.
        repeated: Texts of the candidates that are marked as repeats.
        stated: The stated numbers, where they matter.
    """

    name: str
    script: tuple[str | Said | Exception, ...]
    texts: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    turns: tuple[str, ...] = ()
    error: type[Exception] | None = None
    repairs: str = ""
    notes: str = ""
    dropped: str = ""
    repeated: tuple[str, ...] = ()
    stated: tuple[float, ...] = ()

    @property
    def in_any_order(self) -> bool:
        """Whether its calls do not depend on each other, and may reach the model in any order."""
        return "direct" in self.settings.values() or "parallel" in self.settings.values()


def xml(*texts: str, probability: str = "0.1") -> str:
    """A reply in the default layout."""
    return "".join(
        f"<response><text>{text}</text><probability>{probability}</probability></response>\n"
        for text in texts
    )


SCENARIOS = [
    Scenario("one reply is enough", (xml("a", "b"),), ["a", "b"], {"k": 2}),
    Scenario(
        "more candidates than asked are kept", (xml("a", "b", "c"),), ["a", "b", "c"], {"k": 2}
    ),
    Scenario(
        "what is missing is asked for once",
        (xml("a", "b"), xml("c")),
        ["a", "b", "c"],
        {"k": 3},
        turns=("", "That was 2 of 3. Sample 1 alternative response "),
    ),
    Scenario("top-ups are bounded", (xml("a"), xml("b")), ["a", "b"], {"k": 5}),
    Scenario("no top-up when switched off", (xml("a"),), ["a"], {"k": 3, "max_topups": 0}),
    Scenario(
        "a top-up that repeats counts what is new",
        (xml("a", "b"), xml("b", "c")),
        ["a", "b", "b", "c"],
        {"k": 3},
        repeated=("b",),
    ),
    Scenario(
        "equal candidates of one reply are kept, and counted once",
        (xml("Heads", "**heads**."), xml("Tails")),
        ["Heads", "**heads**.", "Tails"],
        {"k": 2},
        repeated=("**heads**.",),
    ),
    Scenario(
        "a top-up of nothing but repeats is the last",
        (xml("a", "b"), xml("a")),
        ["a", "b", "a"],
        {"k": 3, "max_topups": 3},
        repeated=("a",),
    ),
    Scenario(
        "a sequence counts what is new, too",
        (
            "<response><text>a</text></response><response><text>a</text></response>",
            "<response><text>b</text></response>",
        ),
        ["a", "a", "b"],
        {"k": 2, "method": "sequence"},
        repeated=("a",),
    ),
    Scenario(
        "what exceeds the bound is kept and told",
        (xml("a", "b", probability="0.2") + xml("c", probability="&lt;0.1"),),
        ["a", "b", "c"],
        {"k": 3, "max_probability": 0.1},
        notes="2 of 3 stated 0.1 or more, and less was asked for",
    ),
    Scenario(
        "what exceeds an enforced bound is taken out and asked for again",
        (xml("a", probability="0.2") + xml("b", probability="0.05"), xml("c", probability="4%")),
        ["b", "c"],
        {"k": 2, "max_probability": 0.1, "enforce_bound": True},
        turns=("", "That was 1 of 2."),
        dropped="states 0.2, and less than 0.1 was asked for",
    ),
    Scenario(
        "whether a number keeps an enforced bound is decided by the whole reply",
        (xml("a", probability="0.5") + xml("b", probability="4"),),
        ["b", "a"],
        {"k": 2, "max_probability": 0.1, "enforce_bound": True},
    ),
    Scenario(
        "what is taken out still shows that the others are percentages",
        (xml("a", probability="0.5") + xml("b", probability="20"),),
        ["a"],
        {"k": 2, "max_probability": 0.1, "enforce_bound": True, "max_topups": 0},
        dropped="states 20",
        stated=(0.005,),
    ),
    Scenario(
        "nothing below an enforced bound is an error",
        (xml("a", probability="0.2"), xml("b", probability="0.2")),
        settings={"k": 1, "max_probability": 0.1, "enforce_bound": True},
        error=NoCandidatesError,
    ),
    Scenario(
        "a refusal is not asked again",
        (Said(refusal="I can't help with that."),),
        settings={"k": 2},
        error=RefusalError,
    ),
    Scenario(
        "a refusal without words is known by how the reply ended",
        (Said("No.", ending="refusal"),),
        settings={"k": 2, "on_failure": "whole_reply"},
        error=RefusalError,
    ),
    Scenario(
        "a refusal is no whole reply",
        (Said("No.", ending="refusal"),),
        settings={"k": 2, "on_failure": "whole_reply", "max_reasks": 0},
        error=RefusalError,
    ),
    Scenario(
        "a refusal behind candidates leaves them, and ends the exchange",
        (Said(xml("a"), ending="refusal"),),
        ["a"],
        {"k": 3},
        notes="the provider says that the model refused to go on",
    ),
    Scenario(
        "a refusal of the second attempt is one",
        ("I'd rather not.", Said(refusal="I can't help with that.")),
        settings={"k": 3},
        error=RefusalError,
    ),
    Scenario(
        "a refusal takes away nothing that came before",
        (xml("a"), Said(refusal="I can't go on.")),
        ["a"],
        {"k": 3, "max_topups": 2},
        notes="the model refused: I can't go on.",
    ),
    Scenario(
        "a direct answer that is refused is none",
        (Said(refusal="I can't help with that."), "A joke."),
        ["A joke."],
        {"k": 2, "method": "direct"},
        notes="the model refused: I can't help with that.",
    ),
    Scenario(
        "a direct answer that a refusal ends is none",
        (Said("I cannot help with th", ending="refusal"), "A joke."),
        ["A joke."],
        {"k": 2, "method": "direct"},
        dropped="beside a refusal",
    ),
    Scenario(
        "another tool's call is no answer",
        (Said("Let me look.", calls=(ToolCall("search", '{"query": "coffee"}'),)),),
        settings={"k": 1},
        error=UnexpectedToolCallError,
    ),
    Scenario(
        "another tool's call is no direct answer",
        (Said("Let me look.", calls=(ToolCall("search", '{"query": "coffee"}'),)),),
        settings={"k": 1, "method": "direct"},
        error=UnexpectedToolCallError,
    ),
    Scenario(
        "candidates beside another tool's call count",
        (Said(xml("a"), calls=(ToolCall("search", '{"query": "coffee"}'),)),),
        ["a"],
        {"k": 1},
        notes="the model also called search",
    ),
    Scenario(
        "replies are kept where that was asked for",
        (xml("a"), xml("b")),
        ["a", "b"],
        {"k": 2, "keep_replies": True},
    ),
    Scenario(
        "a failed top-up loses nothing",
        (xml("a", "b"), ModelDownError("overloaded")),
        ["a", "b"],
        {"k": 3},
        notes="ModelDownError: overloaded",
    ),
    Scenario(
        "an unreadable reply is asked for once more",
        ("I cannot do that.", xml("a", "b")),
        ["a", "b"],
        {"k": 2},
        turns=("", "Give 2 different responses."),
    ),
    Scenario(
        "a request that comes back as answers is none",
        (
            xml("Give 2 different responses.", "Generate different responses to the input prompt."),
            xml("a", "b"),
        ),
        ["a", "b"],
        {"k": 2},
        turns=("", "Give 2 different responses."),
        dropped="repeats the request",
    ),
    Scenario(
        "a form that comes back as it was is no answer",
        ("1. (0.00) ...\n2. (0.00) ...\nGive 2 different responses.", "1. (0.3) a\n2. (0.1) b"),
        ["a", "b"],
        {"k": 2, "layout": "lines"},
        dropped="repeats the request",
    ),
    Scenario(
        "answers that share words with the request stay",
        (
            xml(
                "Give 2 different responses. Then stop.",
                "relative to the full distribution",
                "1\n1\n2\n3\n5",
                "h\no\np\ne",
                "from 1.5 to 7.2",
            ),
        ),
        [
            "Give 2 different responses. Then stop.",
            "relative to the full distribution",
            "1\n1\n2\n3\n5",
            "h\no\np\ne",
            "from 1.5 to 7.2",
        ],
        {"k": 5},
    ),
    Scenario(
        "a follow-up that comes back as answers is none",
        (
            xml("a"),
            xml('"That was 1 of 3. Sample 2 alternative responses to the original input prompt."'),
        ),
        ["a"],
        {"k": 3},
        dropped="repeats the request",
    ),
    Scenario(
        "the paper's prompt that comes back as answers is none",
        (
            xml("Responses should each include a text and a numeric probability.", "a"),
            xml("Responses should each include a <text> and a numeric <probability>."),
        ),
        ["Responses should each include a text and a numeric probability.", "a"],
        {"k": 3, "wording": "simple"},
        dropped="repeats the request",
    ),
    Scenario(
        "rewrites that repeat how rewrites are asked for are none",
        (xml("No two of them should find the same documents.", "a", "b"),),
        ["a", "b"],
        {"k": 2, "instructions": QUERY_REWRITES},
        dropped="repeats the request",
    ),
    Scenario(
        "what the user's own instructions say may be an answer",
        (xml("Yes, that is what I think.", "No, I think otherwise."),),
        ["Yes, that is what I think.", "No, I think otherwise."],
        {"k": 2, "instructions": "Say: Yes, that is what I think. Or: No, I think otherwise."},
    ),
    Scenario(
        "the whole reply stands in even if it repeats the request",
        ("Give 2 different responses.", "Give 2 different responses."),
        ["Give 2 different responses."],
        {"k": 2, "on_failure": "whole_reply"},
        repairs="not verbalized",
    ),
    Scenario(
        "two unreadable replies are an error",
        ("I cannot do that.", "I really cannot."),
        settings={"k": 2},
        error=NoCandidatesError,
    ),
    Scenario(
        "two unreadable replies are nothing where that is asked for, and reported",
        ("I cannot do that.", "I really cannot."),
        settings={"k": 2, "on_failure": "nothing"},
        dropped="no candidate could be read in it",
    ),
    Scenario(
        "responses of another type are nothing where that is asked for, and reported",
        (xml("one", "two"),),
        settings={"k": 2, "on_failure": "nothing", "max_reasks": 0, "value_schema": list[int]},
        dropped="does not match the schema",
    ),
    Scenario(
        "a refusal is not nothing",
        (Said(refusal="I can't help with that."),),
        settings={"k": 2, "on_failure": "nothing", "max_reasks": 0},
        error=RefusalError,
    ),
    Scenario(
        "no second attempt when switched off",
        ("I cannot do that.",),
        settings={"k": 2, "max_reasks": 0},
        error=NoCandidatesError,
    ),
    Scenario(
        "the whole reply stands in where that was asked for",
        ("I cannot do that.", "I really cannot."),
        ["I really cannot."],
        {"k": 2, "on_failure": "whole_reply"},
        repairs="not verbalized",
    ),
    Scenario(
        "the earlier reply stands in when the second attempt fails",
        ("I cannot do that.", ModelDownError("overloaded")),
        ["I cannot do that."],
        {"k": 2, "on_failure": "whole_reply"},
        repairs="not verbalized",
        notes="overloaded",
    ),
    Scenario(
        "the first call's own error comes through",
        (ModelDownError("overloaded"),),
        settings={"k": 2},
        error=ModelDownError,
    ),
    Scenario(
        "a second attempt that fails carries the first reply",
        ("I cannot do that.", ModelDownError("overloaded")),
        settings={"k": 2},
        error=NoCandidatesError,
    ),
    Scenario(
        "a blank reply is asked again without an empty turn",
        ("  ", xml("a", "b")),
        ["a", "b"],
        {"k": 2},
        turns=(QUESTION, QUESTION),
    ),
    Scenario(
        "multi asks turn by turn and restates the layout",
        (xml("a", "b"), xml("c", "d"), xml("e")),
        ["a", "b", "c", "d", "e"],
        {"k": 5, "method": "multi"},
        turns=(
            QUESTION,
            "Sample 2 alternative responses to the original input prompt. The confidence is",
            "Sample 1 alternative response to the original input prompt. The confidence is",
        ),
    ),
    Scenario(
        "multi takes its own turn size",
        (xml("a", "b", "c"), xml("d")),
        ["a", "b", "c", "d"],
        {"k": 4, "method": "multi", "per_call": 3},
    ),
    Scenario(
        "multi stops once there are enough",
        (xml("a", "b", "c", "d"),),
        ["a", "b", "c", "d"],
        {"k": 4, "method": "multi"},
    ),
    Scenario(
        "multi counts what is new",
        (xml("a", "b"), xml("a", "c"), xml("d")),
        ["a", "b", "a", "c", "d"],
        {"k": 4, "method": "multi"},
        repeated=("a",),
    ),
    Scenario(
        "multi keeps what it has when a turn fails",
        (xml("a", "b"), ModelDownError("overloaded")),
        ["a", "b"],
        {"k": 6, "method": "multi"},
        notes="overloaded",
    ),
    Scenario(
        "cot keeps the reasoning out of the candidates",
        ("<reasoning>First I think.</reasoning>\n" + xml("a", "b"),),
        ["a", "b"],
        {"k": 2, "method": "cot"},
    ),
    Scenario(
        "direct takes each whole reply",
        ("A joke.", "A joke.", "Another <b>joke</b>."),
        ["A joke.", "A joke.", "Another <b>joke</b>."],
        {"k": 3, "method": "direct"},
    ),
    Scenario(
        "direct keeps what succeeded",
        ("A joke.", ModelDownError("overloaded"), "Another."),
        ["A joke.", "Another."],
        {"k": 3, "method": "direct"},
        notes="overloaded",
    ),
    Scenario(
        "direct fails when every call fails",
        (ModelDownError("overloaded"), ModelDownError("overloaded")),
        settings={"k": 2, "method": "direct"},
        error=ModelDownError,
    ),
    Scenario(
        "sequence reads a list without numbers",
        ("<response><text>a</text></response><response><text>b</text></response>",),
        ["a", "b"],
        {"k": 2, "method": "sequence"},
    ),
    Scenario(
        "more than one call holds is asked for turn by turn",
        (xml("a", "b"), xml("b", "c"), xml("d", "e")),
        ["a", "b", "b", "c", "d", "e"],
        {"k": 5, "per_call": 2},
        turns=(QUESTION, "Sample 2 alternative responses", "Sample 2 alternative responses"),
        repeated=("b",),
    ),
    Scenario(
        "more than one call holds is asked for in parallel",
        (xml("a", "b"), xml("c", "d")),
        ["a", "b", "c", "d"],
        {"k": 4, "per_call": 2, "split": "parallel"},
        turns=(QUESTION, QUESTION),
    ),
    Scenario(
        "parallel calls that agree are topped up",
        (xml("a", "b"), xml("a", "c"), xml("d")),
        ["a", "b", "a", "c", "d"],
        {"k": 4, "per_call": 2, "split": "parallel"},
        repeated=("a",),
    ),
    Scenario(
        "parallel top-ups of nothing but repeats are the last",
        (xml("a"), xml("a"), xml("a"), xml("a"), xml("a")),
        ["a", "a", "a", "a", "a"],
        {"k": 3, "per_call": 1, "split": "parallel", "max_topups": 3},
        repeated=("a", "a", "a", "a"),
    ),
    Scenario(
        "parallel calls are topped up in parallel",
        (xml("a"), xml("b"), xml("c", "d")),
        ["a", "b", "c", "d"],
        {"k": 4, "per_call": 2, "split": "parallel"},
    ),
    Scenario(
        "parallel calls keep what succeeded",
        (xml("a", "b"), ModelDownError("overloaded")),
        ["a", "b"],
        {"k": 4, "per_call": 2, "split": "parallel"},
        notes="overloaded",
    ),
    Scenario(
        "parallel calls that cannot be read are made once more",
        ("No.", "No.", xml("a", "b"), xml("c", "d")),
        ["a", "b", "c", "d"],
        {"k": 4, "per_call": 2, "split": "parallel"},
    ),
    Scenario(
        "parallel calls that can never be read are an error",
        ("No.", "No.", "No.", "No."),
        settings={"k": 4, "per_call": 2, "split": "parallel"},
        error=NoCandidatesError,
    ),
    Scenario(
        "a value of another type counts as missing",
        (xml("1", "two"), xml("3")),
        ["1", "3"],
        {"k": 2, "value_schema": int},
        dropped="does not match the schema",
    ),
    Scenario(
        "a reply in another notation is read all the same",
        ('{"responses": [{"text": "a", "probability": 0.3}, {"text": "b", "probability": 0.1}]}',),
        ["a", "b"],
        {"k": 2},
    ),
]
