"""The WSGI application: OpenAI's chat completions, answered from a script."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from tests.wire import payloads
from tests.wire.answer import Answer
from tests.wire.connection import Connection, CutError
from tests.wire.enforcement import complaints
from tests.wire.payloads import Completion
from tests.wire.record import Record, RecordedRequest, record_headers
from tests.wire.script import Drop, Fault, Reply, Script

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_CHAT = ("POST", "/v1/chat/completions")
_RESPONSES = ("POST", "/v1/responses")
_MODELS = ("GET", "/v1/models")


class Application:
    """Answers each request by the next step of a script, and notes it in a record."""

    def __init__(self, script: Script, record: Record, stopping: threading.Event) -> None:
        """`stopping` is set when the server is being stopped, and ends every wait."""
        self._script = script
        self._record = record
        self._stopping = stopping

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle one request."""
        request = _read(Request(environ))
        connection = Connection(environ["werkzeug.socket"], self._stopping)
        with self._record.exchange(request) as exchange:
            try:
                answer = Answer(start_response, connection, exchange)
                self._answer(request, answer, f"chatcmpl-{exchange.number}")
            except CutError:
                raise
            except ConnectionError:
                self._record.closed_early()
                raise
            finally:
                connection.close()
        return ()

    def _answer(self, request: RecordedRequest, answer: Answer, completion_id: str) -> None:
        route = (request.method, request.path)
        if route == _MODELS:
            answer.body(payloads.models())
        elif route not in (_CHAT, _RESPONSES):
            answer.fault(Fault(404, message=f"no such route: {request.method} {request.path}"))
        elif wrong := complaints(request.body):
            answer.fault(Fault(400, message=f"Invalid schema: {'; '.join(wrong)}"))
        elif route == _RESPONSES:
            self._respond(request, answer)
        elif not request.messages:
            answer.fault(Fault(400, message="the body must be JSON with a list of messages"))
        else:
            self._chat(request, answer, completion_id)

    def _respond(self, request: RecordedRequest, answer: Answer) -> None:
        step = self._script.next(list(request.body.get("input") or ()))
        assert isinstance(step, Reply), "only whole replies are scripted for the Responses API"
        answer.body(payloads.response(str(request.body.get("model", "test")), step))

    def _chat(self, request: RecordedRequest, answer: Answer, completion_id: str) -> None:
        step = self._script.next(request.messages)
        answer.pause(step.delay)
        if isinstance(step, Fault):
            answer.fault(step)
        elif isinstance(step, Drop):
            _cut(request, answer, _completion(request, step.whole, completion_id), step.after)
        else:
            _complete(request, answer, _completion(request, step, completion_id))


def _read(request: Request) -> RecordedRequest:
    body = request.get_json(force=True, silent=True)
    return RecordedRequest(
        method=request.method,
        path=request.path,
        body=body if isinstance(body, dict) else {},
        headers=record_headers(request.headers.items()),
    )


def _completion(request: RecordedRequest, reply: Reply, completion_id: str) -> Completion:
    model = str(request.body.get("model", "test"))
    return Completion(completion_id, model, request.messages, reply)


def _complete(request: RecordedRequest, answer: Answer, completion: Completion) -> None:
    if request.stream:
        answer.stream(completion, include_usage=request.include_usage)
    else:
        answer.body(completion.whole())


def _cut(request: RecordedRequest, answer: Answer, completion: Completion, after: int) -> None:
    if request.stream:
        answer.cut_stream(completion, after)
    else:
        answer.cut_body(completion, after)
