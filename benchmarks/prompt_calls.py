"""The calls of a study: each made once, and kept in a journal."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openai import OpenAI

from vs_core.adapters import ReplyPiece, can_be_strict

TEMPERATURE = 0.8


class NotRecordedError(Exception):
    """A call stands in no journal, and none is to be made."""


class Calls:
    """Calls of one model, each made once: what was answered is read from the journal.

    Args:
        client: The server's client; None makes no call.
        model: Name of the model.
        journal: File of the replies.
    """

    def __init__(self, client: OpenAI | None, model: str, journal: Path) -> None:
        self._client = client
        self._model = model
        self._journal = journal
        self._lock = threading.Lock()
        written = journal.read_text(encoding="utf-8") if journal.exists() else ""
        whole = written[: written.rfind("\n") + 1]
        if whole != written:
            # What was being written when the study was stopped is asked again.
            journal.write_text(whole, encoding="utf-8")
        self._known = {entry["call"]: entry for entry in map(json.loads, whole.splitlines())}

    def reply(
        self,
        messages: Sequence[dict[str, Any]],
        *,
        seed: int,
        most: int,
        schema: dict[str, Any] | None = None,
    ) -> ReplyPiece:
        """The reply to these messages, asked or remembered.

        Args:
            messages: What is sent.
            seed: Of the model's sampling.
            most: Most tokens of the reply.
            schema: What the server is to enforce, if anything.

        Raises:
            NotRecordedError: It is not in the journal, and there is no client.
        """
        asked: dict[str, Any] = {
            "model": self._model,
            "messages": list(messages),
            "seed": seed,
            "temperature": TEMPERATURE,
            "max_tokens": most,
        }
        if schema is not None:
            asked["response_format"] = response_format(schema)
        call = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:20]
        entry = self._known.get(call) or self._ask(call, asked)
        return ReplyPiece(
            text=entry["text"],
            input_tokens=entry["input_tokens"],
            output_tokens=entry["output_tokens"],
            truncated=entry["truncated"],
        )

    def _ask(self, call: str, asked: dict[str, Any]) -> dict[str, Any]:
        if self._client is None:
            raise NotRecordedError
        completion = self._client.chat.completions.create(**asked)
        choice, usage = completion.choices[0], completion.usage
        entry = {
            "call": call,
            "text": choice.message.content or "",
            "truncated": choice.finish_reason == "length",
            "input_tokens": usage.prompt_tokens if usage else 0,
            "output_tokens": usage.completion_tokens if usage else 0,
        }
        with self._lock, self._journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._known[call] = entry
        return entry


def response_format(schema: dict[str, Any]) -> dict[str, Any]:
    """What has a server with OpenAI's interface enforce a schema, as the package sends it.

    Args:
        schema: The JSON schema of a reply.
    """
    named = {"name": schema["title"], "description": schema["description"]}
    inner = {key: part for key, part in schema.items() if key not in {"title", "description"}}
    enforced = {**named, "schema": inner, "strict": can_be_strict(inner)}
    return {"type": "json_schema", "json_schema": enforced}
