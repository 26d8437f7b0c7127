"""Marks in prose with which something else begins: JSON, encoded replies, special tokens.

Each pattern has a twin that recognises the beginning of a match at the end of the window.
"""

from __future__ import annotations

import re

EVENT = re.compile('[\n<{\\[&"\uff1c\u25c1]')
"""The characters at which something may begin."""

JSON = re.compile(
    r"\{\s{0,200}(?:[\"'\u201c\u201d\u2018`}]|//|/\*|[A-Za-z_]\w{0,40}\s{0,20}:)"
    r"|\[\s{0,200}(?:[{\[\"'\u201c\u2018(]|//|/\*)"
)
MAY_BE_JSON = re.compile(r"[{\[]\s{0,200}(?:/|[A-Za-z_]\w{0,40}\s{0,20})?\Z")

ESCAPED_JSON = re.compile(r"[{\[](?:[\s{\[]|\\[nrt]){0,40}\\\"")
MAY_BE_ESCAPED_JSON = re.compile(r"[{\[](?:[\s{\[]|\\[nrt]){0,40}\\?\Z")

ENCODED = re.compile(
    r"\"(?:\s|\\[nrt]){0,40}"
    r"(?:\{(?:\s|\\[nrt]){0,40}\\\"|\[(?:\s|\\[nrt]){0,40}(?:\{|\\\"|\[)|<|```)"
)
MAY_BE_ENCODED = re.compile(r"\"(?:\s|\\[nrt]){0,40}(?:[{\[](?:\s|\\[nrt]){0,40}|`{1,2})?\\?\Z")

ESCAPED_TAG = re.compile(r"&lt;\s?/?\s?([^\s<>&/=]{1,48})(?=[\s&/=])")
MAY_BE_ESCAPED_TAG = re.compile(r"&(?:l(?:t(?:;\s?/?\s?[^\s<>&/=]{0,48})?)?)?\Z")

FULL_WIDTH_TAG = re.compile("\uff1c[/\uff0f]?([^\\s\uff1c\uff1e/=]{1,48})[\uff1e\\s]")
MAY_BE_FULL_WIDTH_TAG = re.compile("\uff1c[/\uff0f]?[^\\s\uff1c\uff1e/=]{0,48}\\Z")

TOKEN = re.compile(r"<\|([^|<>\n]{1,40})\|>")
MAY_BE_TOKEN = re.compile(r"<\|?[^|<>\n]{0,40}\|?\Z")

BRACKET_THOUGHT = re.compile(r"\[(/?)THINK\]", re.IGNORECASE)
MAY_BE_BRACKET_THOUGHT = re.compile(r"\[/?(?:T(?:H(?:I(?:NK?)?)?)?)?\Z", re.IGNORECASE)

TRIANGLE_THOUGHT = re.compile("\u25c1(/?)think\u25b7", re.IGNORECASE)
MAY_BE_TRIANGLE_THOUGHT = re.compile("\u25c1/?(?:t(?:h(?:i(?:nk?)?)?)?)?\\Z", re.IGNORECASE)

MAY_BE_DECLARATION = re.compile(r"<(?:!-?|\?(?:x(?:ml?)?)?)?\Z")
DECLARATIONS = (("<!--", "-->"), ("<?xml", "?>"))
NOT_A_NAME = ("", "!", "?", "|")
"""What stands behind a `<` that begins no tag; nothing, when it has not arrived."""

EXAMPLE = re.compile(
    r"\b(?:format|template|schema|syntax|for example|e\.g\.|structure|like this)\b", re.IGNORECASE
)
"""What a line says that leads up to an example of the notation."""
