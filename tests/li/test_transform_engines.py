"""Query transforms inside retrievers and query engines, the framework's and ours."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from llama_index.core import PromptTemplate, VectorStoreIndex
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.base.response.schema import RESPONSE_TYPE, PydanticResponse, Response
from llama_index.core.indices.query.query_transform.base import (
    BaseQueryTransform,
    HyDEQueryTransform,
    IdentityQueryTransform,
)
from llama_index.core.llms.callbacks import llm_chat_callback
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.query_engine import RetrieverQueryEngine, TransformQueryEngine
from llama_index.core.retrievers import BaseRetriever, TransformRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.span_handlers import SimpleSpanHandler
from pydantic import BaseModel, PrivateAttr

from llamaindex_vs import (
    AsyncTransformQueryEngine,
    AsyncTransformRetriever,
    SimulatedLLM,
    VerbalizedSamplingEvent,
    VerbalizedSamplingQueryTransform,
    VerbalizedSamplingSynthesizer,
)
from tests.every import for_every
from tests.li.embeddings import WordEmbedding
from tests.li.libraries import REPLY, Library, SlowLibrary, ids, listening
from tests.li.models import ScriptedLLM
from vs_core import VerbalizedDistribution

PATIENCE = 20.0  # seconds until a test that would wait for ever fails
TEXTS = {
    "snake": "A snake sheds its skin.",
    "language": "A language has rules.",
    "comedy": "Monty performed sketches.",
    "decoy": "Rivers reach the sea.",
}

Query = Callable[[BaseQueryEngine, str], Awaitable[Any]]
Retrieve = Callable[[BaseRetriever, str], Awaitable[list[NodeWithScore]]]


@pytest.fixture(params=["sync", "async"])
def query(request: pytest.FixtureRequest) -> Query:
    """Queries in either way; the sync one then runs in an event loop, as in a notebook."""

    async def queried(engine: BaseQueryEngine, question: str) -> RESPONSE_TYPE:
        return engine.query(question) if request.param == "sync" else await engine.aquery(question)

    return queried


@pytest.fixture(params=["sync", "async"])
def retrieve(request: pytest.FixtureRequest) -> Retrieve:
    async def retrieved(retriever: BaseRetriever, question: str) -> list[NodeWithScore]:
        if request.param == "sync":
            return retriever.retrieve(question)
        return await retriever.aretrieve(question)

    return retrieved


def index() -> VectorStoreIndex:
    nodes = [
        TextNode(id_=name, text=text, metadata={"shelf": name}) for name, text in TEXTS.items()
    ]
    return VectorStoreIndex(nodes, embed_model=WordEmbedding())


def transforming(*script: Any, **settings: Any) -> VerbalizedSamplingQueryTransform:
    """A transform with the embedding model of the index, whose model answers from a script."""
    model = ScriptedLLM(script=list(script or [REPLY]))
    return VerbalizedSamplingQueryTransform(
        model, **{"k": 3, "embed_model": WordEmbedding(), **settings}
    )


def answering(*answers: str, **settings: Any) -> tuple[BaseQueryEngine, ScriptedLLM]:
    """An engine over the index, and the model that answers."""
    model = ScriptedLLM(script=list(answers or ["An answer."]))
    return index().as_query_engine(llm=model, similarity_top_k=2, **settings), model


def written(response: Any, key: str = "verbalized_sampling") -> list[str]:
    """The texts of the distribution in a response's metadata."""
    return VerbalizedDistribution[Any].model_validate(response.metadata[key]).texts


EVERY_RETRIEVER = pytest.mark.parametrize("kind", [TransformRetriever, AsyncTransformRetriever])
EVERY_ENGINE = pytest.mark.parametrize("kind", [TransformQueryEngine, AsyncTransformQueryEngine])


# Retrieving


@EVERY_RETRIEVER
async def test_a_search_finds_what_the_rewrites_are_about(
    retrieve: Retrieve, kind: type[TransformRetriever]
) -> None:
    # Alone, the query has no word of any text.
    transform = transforming("1. (0.7) snake skin\n2. (0.2) Monty", k=2)
    retriever = kind(index().as_retriever(similarity_top_k=2), transform)
    assert ids(await retrieve(retriever, "python")) == ["snake", "comedy"]


@EVERY_RETRIEVER
async def test_the_search_follows_the_probabilities(
    retrieve: Retrieve, kind: type[TransformRetriever]
) -> None:
    transform = transforming("1. (0.2) snake skin\n2. (0.7) Monty", k=2)
    retriever = kind(index().as_retriever(similarity_top_k=2), transform)
    assert ids(await retrieve(retriever, "python")) == ["comedy", "snake"]


@EVERY_RETRIEVER
async def test_a_search_finds_what_resembles_the_answers(
    retrieve: Retrieve, kind: type[TransformRetriever]
) -> None:
    transform = transforming("1. (0.9) It sheds its skin.", mode="hyde", k=1)
    retriever = kind(index().as_retriever(similarity_top_k=1), transform)
    assert ids(await retrieve(retriever, "python")) == ["snake"]


@EVERY_RETRIEVER
async def test_without_an_embedding_model_the_index_embeds_the_strings(
    retrieve: Retrieve, kind: type[TransformRetriever]
) -> None:
    transform = transforming("1. (0.9) snake skin", k=1, embed_model=None)
    retriever = kind(index().as_retriever(similarity_top_k=1), transform)
    assert ids(await retrieve(retriever, "python")) == ["snake"]


@EVERY_RETRIEVER
async def test_a_search_is_for_the_rewrite_that_was_drawn(
    retrieve: Retrieve, kind: type[TransformRetriever]
) -> None:
    library = Library()
    transform = transforming(mode="rewrite", select="best", embed_model=None)
    await retrieve(kind(library, transform), "python")
    assert library.asked == ["python snake"]


async def test_nodes_are_returned_as_the_retriever_gives_them(retrieve: Retrieve) -> None:
    inner = index().as_retriever(similarity_top_k=4)
    [plain] = [found for found in inner.retrieve("snake") if found.node_id == "snake"]
    found = await retrieve(AsyncTransformRetriever(inner, transforming()), "python")
    [same] = [scored for scored in found if scored.node_id == "snake"]
    assert (same.node.hash, same.node.metadata) == (plain.node.hash, {"shelf": "snake"})


async def test_the_metadata_for_transforms_is_passed_on(retrieve: Retrieve) -> None:
    class Telling(IdentityQueryTransform):
        def _run(self, query_bundle: QueryBundle, metadata: dict[str, Any]) -> QueryBundle:
            return QueryBundle(metadata["say"])

    library = Library()
    retriever = AsyncTransformRetriever(library, Telling(), transform_metadata={"say": "boa"})
    await retrieve(retriever, "python")
    assert library.asked == ["boa"]


async def test_behind_a_transform_retriever_the_user_s_question_is_answered(query: Query) -> None:
    transform = transforming(mode="rewrite", embed_model=None)
    model = ScriptedLLM(script=["An answer."])
    engine = RetrieverQueryEngine.from_args(
        AsyncTransformRetriever(index().as_retriever(), transform), llm=model
    )
    assert str(await query(engine, "What is {python}?")) == "An answer."
    [asked] = model.calls
    assert "What is {python}?" in str(asked[-1].content)
    assert "python snake" not in str(asked[-1].content)


# Querying


@EVERY_ENGINE
async def test_an_engine_answers_from_what_the_rewrites_find(
    query: Query, kind: type[TransformQueryEngine]
) -> None:
    inner, _ = answering()
    transform = transforming("1. (0.7) snake skin\n2. (0.2) Monty", k=2)
    response = await query(kind(inner, transform), "python")
    assert str(response) == "An answer."
    assert ids(response.source_nodes) == ["snake", "comedy"]


async def test_the_response_has_the_distribution(query: Query) -> None:
    inner, _ = answering()
    with listening() as events:
        response = await query(AsyncTransformQueryEngine(inner, transforming()), "python")
    [event] = events.of(VerbalizedSamplingEvent)
    read = VerbalizedDistribution[Any].model_validate(response.metadata["verbalized_sampling"])
    assert read == event.distribution
    assert read.texts == ["python snake", "python language", "Monty Python"]


async def test_the_response_keeps_the_metadata_of_its_nodes(query: Query) -> None:
    inner, _ = answering()
    transform = transforming("1. (0.7) snake skin\n2. (0.2) Monty", k=2)
    response = await query(AsyncTransformQueryEngine(inner, transform), "python")
    assert response.metadata["snake"] == {"shelf": "snake"}
    assert response.source_nodes[0].node.metadata == {"shelf": "snake"}


async def test_a_stream_has_the_distribution_before_it_is_read() -> None:
    inner, _ = answering("An answer in words.", streaming=True)
    response: Any = AsyncTransformQueryEngine(inner, transforming()).query("python")
    assert written(response)[0] == "python snake"
    assert "".join(response.response_gen) == "An answer in words."


async def test_an_asynchronous_stream_has_the_distribution_before_it_is_read() -> None:
    inner, _ = answering("An answer in words.", streaming=True)
    response: Any = await AsyncTransformQueryEngine(inner, transforming()).aquery("python")
    assert written(response)[0] == "python snake"
    words = [word async for word in response.async_response_gen()]
    assert "".join(words) == "An answer in words."


async def test_a_typed_response_has_the_distribution(query: Query) -> None:
    class Animal(BaseModel):
        name: str

    answer = PydanticResponse(response=Animal(name="boa"))
    response = await query(AsyncTransformQueryEngine(Answering(answer), transforming()), "python")
    assert written(response)[0] == "python snake"


async def test_verbalized_answers_and_the_rewrites_are_both_in_the_response(query: Query) -> None:
    synthesizer = VerbalizedSamplingSynthesizer(ScriptedLLM(script=["1. (0.5) Boas."]), k=1)
    inner, _ = answering(response_synthesizer=synthesizer)
    response = await query(AsyncTransformQueryEngine(inner, transforming()), "python")
    assert written(response) == ["Boas."]
    assert written(response, "verbalized_sampling_query")[0] == "python snake"


async def test_streamed_answers_and_the_rewrites_are_both_in_the_response() -> None:
    synthesizer = VerbalizedSamplingSynthesizer(
        ScriptedLLM(script=["1. (0.5) Boas."]), k=1, streaming=True
    )
    inner, _ = answering(response_synthesizer=synthesizer)
    response: Any = AsyncTransformQueryEngine(inner, transforming()).query("python")
    assert "".join(response.response_gen) == "Boas."
    assert written(response) == ["Boas."]
    assert written(response, "verbalized_sampling_query")[0] == "python snake"


async def test_whoever_holds_the_metadata_of_a_response_sees_the_distribution(query: Query) -> None:
    held: dict[str, Any] = {}
    inner = Answering(Response("An answer.", metadata=held))
    response = await query(AsyncTransformQueryEngine(inner, transforming()), "python")
    assert response.metadata is held
    assert written(response)[0] == "python snake"


async def test_a_transform_that_writes_nothing_leaves_the_metadata_alone(query: Query) -> None:
    inner, _ = answering()
    response = await query(AsyncTransformQueryEngine(inner, IdentityQueryTransform()), "snake")
    assert sorted(response.metadata) == sorted(ids(response.source_nodes))


async def test_a_failing_model_need_not_fail_the_query(query: Query) -> None:
    inner, _ = answering()
    transform = transforming(ConnectionError("no model"), on_failure="original_only")
    response = await query(AsyncTransformQueryEngine(inner, transform), "snake skin")
    assert ids(response.source_nodes)[0] == "snake"
    trace = response.metadata["verbalized_sampling"]["trace"]
    assert trace["notes"] == ["ConnectionError: no model"]


async def test_retrieving_through_an_engine_transforms() -> None:
    transform = transforming(*["1. (0.9) snake skin"] * 2, k=1)
    engine = AsyncTransformQueryEngine(answering()[0], transform)
    assert ids(engine.retrieve(QueryBundle("python")))[0] == "snake"
    assert ids(await engine.aretrieve(QueryBundle("python")))[0] == "snake"


async def test_synthesizing_through_an_engine_transforms() -> None:
    inner, model = answering("An answer.", "An answer.")
    transform = transforming(REPLY, REPLY, mode="rewrite", select="best")
    engine = AsyncTransformQueryEngine(inner, transform)
    nodes = [NodeWithScore(node=TextNode(text="Boas."))]
    more = [NodeWithScore(node=TextNode(text="Cobras."))]
    for response in (
        engine.synthesize(QueryBundle("python"), nodes, additional_source_nodes=more),
        await engine.asynthesize(QueryBundle("python"), nodes, additional_source_nodes=more),
    ):
        assert written(response)[0] == "python snake"
        assert [scored.text for scored in response.source_nodes] == ["Boas.", "Cobras."]
    assert all("python snake" in str(asked[-1].content) for asked in model.calls)


@EVERY_ENGINE
async def test_it_runs_with_the_simulated_model(
    query: Query, kind: type[TransformQueryEngine]
) -> None:
    model = SimulatedLLM(seed=1)
    transform = VerbalizedSamplingQueryTransform(model, "hyde", embed_model=WordEmbedding())
    engine = kind(index().as_query_engine(llm=model), transform)
    assert str(await query(engine, "Tell me a joke about coffee"))


# Prompts and spans


def test_the_transform_is_a_prompt_module_of_both() -> None:
    retriever = AsyncTransformRetriever(Library(), transforming())
    engine = AsyncTransformQueryEngine(answering()[0], transforming())
    for owner in (retriever, engine):
        owner.update_prompts({"query_transform:instructions": PromptTemplate("In {Latin}.")})
        prompts = owner.get_prompts()
        assert prompts["query_transform:instructions"].get_template() == "In {Latin}."
    assert "query_engine:response_synthesizer:text_qa_template" in engine.get_prompts()


@for_every("way", ["query", "retrieve", "synthesize", "aquery", "aretrieve", "asynthesize"])
async def test_the_transform_runs_in_the_span_of_its_engine(way: str) -> None:
    handler, dispatcher = SimpleSpanHandler(), get_dispatcher()
    dispatcher.add_span_handler(handler)
    engine = AsyncTransformQueryEngine(answering()[0], transforming())
    try:
        await _asked(engine, way)
    finally:
        dispatcher.span_handlers.remove(handler)
    spans = {span.id_: span for span in handler.completed_spans}
    [transform] = [i for i in spans if i.startswith("VerbalizedSamplingQueryTransform.")]
    above = []
    while parent := spans[transform].parent_id:
        above.append(parent.split("-")[0])
        transform = parent
    assert above[-1] == f"AsyncTransformQueryEngine.{way}"


async def test_retrieving_asynchronously_has_a_span() -> None:
    handler, dispatcher = SimpleSpanHandler(), get_dispatcher()
    dispatcher.add_span_handler(handler)
    try:
        await AsyncTransformRetriever(Library(), transforming()).aretrieve("python")
    finally:
        dispatcher.span_handlers.remove(handler)
    names = [span.id_.split("-")[0] for span in handler.completed_spans]
    assert "AsyncTransformRetriever._aretrieve" in names


# Concurrency


class MeetingLLM(ScriptedLLM):
    """Answers no question before all of them have arrived.

    Attributes:
        expected: How many questions there will be.
    """

    expected: int

    _arrived: int = PrivateAttr(default=0)
    _all_here: Any = PrivateAttr(default_factory=asyncio.Event)

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        self._arrived += 1
        if self._arrived == self.expected:
            self._all_here.set()
        await self._all_here.wait()
        question = messages[-1].content
        reply = f"1. (0.6) {question}, first\n2. (0.4) {question}, second"
        return ChatResponse(message=ChatMessage(role="assistant", content=reply))


class Answering(BaseQueryEngine):
    """Has one response to everything, and retrieves only synchronously."""

    def __init__(self, response: RESPONSE_TYPE) -> None:
        super().__init__(None)
        self.response = response
        self.threads: list[int] = []

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        self.threads.append(threading.get_ident())
        return [NodeWithScore(node=TextNode(text=query_bundle.query_str))]

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self.response

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self.response

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


class Blocking(BaseQueryTransform):
    """A transform as most are: only synchronous. It goes on once the event loop has ticked."""

    def __init__(self) -> None:
        self.begun, self.ticked = threading.Event(), threading.Event()
        self.threads: list[int] = []

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """There are none."""

    def _run(self, query_bundle: QueryBundle, metadata: dict[str, Any]) -> QueryBundle:
        self.threads.append(threading.get_ident())
        self.begun.set()
        assert self.ticked.wait(PATIENCE), "the event loop stood still"
        return query_bundle


async def test_concurrent_queries_wait_for_the_model_together() -> None:
    questions = [f"question {number}" for number in range(8)]
    model = MeetingLLM(script=[], expected=len(questions))
    transform = VerbalizedSamplingQueryTransform(model, k=2, embed_model=WordEmbedding())
    engine = AsyncTransformQueryEngine(index().as_query_engine(llm=SimulatedLLM()), transform)
    # Any call that kept the event loop to itself would keep the others from arriving.
    responses = await asyncio.wait_for(asyncio.gather(*map(engine.aquery, questions)), PATIENCE)
    assert [written(response) for response in responses] == [
        [f"{question}, first", f"{question}, second"] for question in questions
    ]


async def test_concurrent_searches_wait_for_the_model_together() -> None:
    questions = [f"question {number}" for number in range(8)]
    model, library = MeetingLLM(script=[], expected=len(questions)), Library()
    transform = VerbalizedSamplingQueryTransform(model, k=2)
    retriever = AsyncTransformRetriever(library, transform)
    await asyncio.wait_for(asyncio.gather(*map(retriever.aretrieve, questions)), PATIENCE)
    assert sorted(strings for _, strings, _ in library.given) == [
        [question, f"{question}, first", f"{question}, second"] for question in questions
    ]


@pytest.mark.parametrize("way", ["aquery", "aretrieve", "asynthesize"])
async def test_a_synchronous_transform_does_not_hold_up_the_event_loop(way: str) -> None:
    transform = Blocking()
    asked = asyncio.create_task(_asked(AsyncTransformQueryEngine(answering()[0], transform), way))
    await asyncio.wait_for(asyncio.to_thread(transform.begun.wait), PATIENCE)
    transform.ticked.set()
    await asyncio.wait_for(asked, PATIENCE)
    assert threading.get_ident() not in transform.threads


async def test_a_synchronous_transform_does_not_hold_up_a_retriever() -> None:
    transform = Blocking()
    retriever = AsyncTransformRetriever(Library(), transform)
    found = asyncio.create_task(retriever.aretrieve("python"))
    await asyncio.wait_for(asyncio.to_thread(transform.begun.wait), PATIENCE)
    transform.ticked.set()
    assert ids(await asyncio.wait_for(found, PATIENCE)) == ["python"]


async def test_the_framework_s_own_transform_runs_behind_both() -> None:
    def hyde() -> BaseQueryTransform:
        return HyDEQueryTransform(llm=ScriptedLLM(script=["It sheds its skin."]))

    retriever = AsyncTransformRetriever(index().as_retriever(similarity_top_k=1), hyde())
    assert ids(await retriever.aretrieve("python")) == ["snake"]
    response = await AsyncTransformQueryEngine(answering()[0], hyde()).aquery("python")
    assert ids(response.source_nodes)[0] == "snake"


async def test_an_engine_that_retrieves_asynchronously_does_so() -> None:
    library = SlowLibrary(len(TEXTS))
    inner = RetrieverQueryEngine.from_args(library, llm=ScriptedLLM(script=[]))
    engine = AsyncTransformQueryEngine(inner, IdentityQueryTransform())
    await asyncio.gather(*[engine.aretrieve(QueryBundle(text)) for text in TEXTS])
    assert library.threads == {threading.get_ident()}


async def test_an_engine_that_retrieves_only_synchronously_does_so_in_a_thread() -> None:
    shelf = Answering(Response("python"))
    engine = AsyncTransformQueryEngine(shelf, IdentityQueryTransform())
    assert [scored.text for scored in await engine.aretrieve(QueryBundle("python"))] == ["python"]
    assert threading.get_ident() not in shelf.threads


async def _asked(engine: AsyncTransformQueryEngine, way: str) -> Any:
    given = [[NodeWithScore(node=TextNode(text="Boas."))]] if way.endswith("synthesize") else []
    asked = getattr(engine, way)(QueryBundle("python"), *given)
    return await asked if way.startswith("a") else asked
