"""The sentences of a request for responses, each once.

The wording follows the prompts of Zhang et al., "Verbalized Sampling: How to Mitigate Mode
Collapse and Unlock LLM Diversity", arXiv 2510.01171 (appendix on experiment prompts; the seven
definitions from its ablation on the format of the verbalized probability). The strings hold no
user text; `$name` marks what this package fills in itself.
"""

from __future__ import annotations

from string import Template
from typing import NamedTuple

from vs_core.values.terms import Definition, Layout, Shaping

DEFINITIONS: dict[Definition, str] = {
    "explicit": (
        "the estimated probability from 0.0 to 1.0 of this response given the input prompt "
        "(relative to the full distribution)"
    ),
    "implicit": "how likely this response would be (from 0.0 to 1.0)",
    "relative": (
        "the probability between 0.0 and 1.0, reflecting the relative likelihood of this "
        "response given the input"
    ),
    "percentage": (
        "the probability of this response relative to the full distribution, expressed as a "
        "percentage from 0% to 100%"
    ),
    "confidence": (
        "the normalized likelihood score between 0.0 and 1.0 that indicates how representative "
        "or typical this response is compared to the full distribution"
    ),
    "perplexity": (
        "the exponentiated average negative log likelihood of the response tokens, where lower "
        "values indicate higher model certainty in predicting each token"
    ),
    "nll": (
        "the sum of the negative log probabilities of each token in the response given the "
        "input prompt, with smaller values reflecting higher model confidence"
    ),
}

FIELD_NAMES: dict[Definition, str] = {
    "explicit": "probability",
    "implicit": "probability",
    "relative": "probability",
    "percentage": "probability",
    "confidence": "confidence",
    "perplexity": "perplexity",
    "nll": "nll",
}
"""What the number is called in the reply."""

SIMPLE_TASK = Template(
    "You are a helpful assistant. For each query, please generate a set of $count possible "
    "$noun, each within a separate <response> tag."
)
SIMPLE_FORMAT = "Responses should each include a <text> and a numeric <probability>."
"""The paper's simple prompt; the region comes after it, and is the paper's too."""

SPELLED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

FULL = "Please sample at random from the full distribution."
TAIL = Template(
    "Please sample at random from the tails of the distribution, such that the probability of "
    "each response is less than $threshold."
)


class Noun(NamedTuple):
    """What a model is asked for, in the singular and the plural, and how it is about the prompt."""

    one: str
    many: str
    about: str
    aside: str = ""


RESPONSE = Noun("response", "responses", "to")
SEARCH_QUERY = Noun("search query", "search queries", "for", ", no answers to it")
"""Asked for responses to a question, models answer it, whatever was said in front."""

TASK = Template("Generate different $many $about the input prompt$aside.")
TASK_OF_ONE = Template("Generate a $one $about the input prompt$aside.")
TASK_MULTI = Template(
    "You will generate a total of $total $about the input prompt$aside. First, sample $asked."
)
FOLLOW_UP = Template("Sample $asked $about the original input prompt.")
FOUND = Template("That was $found of $total.")
NUMBER_WANTED = Template("Give $asked.")

WORDS = Template("Each response should be approximately $words words.")
WORDS_DIRECT = Template("The response should be approximately $words words.")
ONLY_THE_RESPONSE = "Output only the response, with no explanation or extra text."
WITH_TOOLS = "This is how to write your final answer; if you call a tool, do so as usual."

STRUCTURED: dict[Shaping, Template] = {
    "function_calling": Template(
        'Return all of them in one call of the tool, each with its "$field": $definition.'
    ),
    "json_schema": Template(
        'Return them as JSON of the given schema, each with its "$field": $definition.'
    ),
}
STRUCTURED_WITHOUT_NUMBER: dict[Shaping, str] = {
    "function_calling": "Return all of them in one call of the tool.",
    "json_schema": "Return them as JSON of the given schema.",
}
TOOL_NAME = "give_responses"
"""The tool whose arguments are the reply, where that is how the provider shapes it."""

TOOL_DESCRIPTION = "Give all responses at once."
TEXT_DESCRIPTION = "The response alone."
REASONING_DESCRIPTION = "Your step-by-step thought process."

NUMBER = Template("The $field is $definition.")
VALUES = Template("In each response: $notes.")
SCHEMA = Template("Each text must match this JSON schema: $schema.")
FORM = Template("Write each in this form$notation:\n$form")
# In their JSON mode, providers refuse a request that does not say the word.
NOTATION: dict[Layout, str] = {"xml": "", "json": ", as JSON", "lines": ""}
FORM_DIRECT = Template("The response must be in this form, filled in: $form")

BLANK_TEXT = "..."
BLANK_NUMBER = "0.00"
BLANK_PERCENTAGE = "00%"
FORMS: dict[Layout, Template] = {
    "xml": Template('<response id="$ordinal"><text>$text</text><$field>...</$field></response>'),
    "json": Template('{"text": $text, "$field": $number}'),
    "lines": Template("$ordinal. ($number) $text"),
}
FORMS_WITHOUT_NUMBER: dict[Layout, Template] = {
    "xml": Template('<response id="$ordinal"><text>$text</text></response>'),
    "json": Template("$text"),
    "lines": Template("$ordinal. $text"),
}
FORM_AROUND: dict[Layout, Template] = {
    "xml": Template("$responses"),
    "json": Template('{"responses": [\n$responses\n]}'),
    "lines": Template("$responses"),
}
FORM_AFTER_REASONING: dict[Layout, Template] = {
    "xml": Template("<reasoning>...</reasoning>\n$responses"),
    "json": Template('{"reasoning": "...", "responses": [\n$responses\n]}'),
    "lines": Template("Reasoning: ...\n$responses"),
}
LINES_OF_FORM: dict[Layout, int] = {"xml": 5, "json": 5, "lines": 5}
"""Most responses that are written out in a form; more are meant all the same."""

LINES_OF_TYPED_FORM: dict[Layout, int] = {"xml": 5, "json": 1, "lines": 5}
"""As many, where a response is a value of a type."""

REASONING: dict[Layout, str] = {
    "xml": "First, think step by step within one <reasoning> tag.",
    "json": (
        'First, give the JSON object the key "reasoning": a string with your step-by-step '
        "thought process."
    ),
    "lines": "First, write a line that starts with `Reasoning:`, with your step-by-step thoughts.",
}
