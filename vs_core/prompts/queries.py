"""What a model is asked to write for a search: rewrites of a query, or hypothetical answers.

Each text goes into the `instructions` of `PromptSettings`, in front of the request for responses;
the user's query is the prompt itself and stands in no template.
"""

from __future__ import annotations

QUERY_REWRITES = (
    "The input prompt is a search query. Do not answer it. Each response is another search query "
    "for the same need: one line that can be understood alone, in the language of the input "
    "prompt, with its names and numbers kept. Together the responses cover the different readings "
    "and facets of the input prompt: if it is ambiguous, each takes another meaning; if it asks "
    "for several things, each takes another of them; otherwise each uses other words that a "
    "relevant document might use. No two of them should find the same documents."
)
"""Asks for rewrites of a search query that together cover its readings and facets."""

HYPOTHETICAL_ANSWERS = (
    "The input prompt is a question to a collection of documents. Each response is a short passage "
    "that answers it, written as a document of that collection would put it, in the language of "
    "the input prompt. The passages serve to find real documents that resemble them, so state "
    "plausible details without hedging. Together the responses cover the different readings of "
    "the question and the different answers it may have."
)
"""Asks for hypothetical answers whose embeddings lie near those of real ones (HyDE: Gao et al.,
"Precise Zero-Shot Dense Retrieval without Relevance Labels", arXiv 2212.10496)."""
