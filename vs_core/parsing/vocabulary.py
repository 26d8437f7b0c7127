"""The words models use for the parts of a reply, in tags, keys, labels and table heads.

A word is looked up in one normal form (no case, accents, digits, spaces or invisible characters),
so that ``Response_1``, ``RESPONSE 1`` and ``response`` are one word. Which part a word names may
depend on where it stands: ``answer`` is a candidate as an outer tag and its text as an inner one,
so the callers ask for the role they need.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def words_of(text: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(text.split())


NUMBER = words_of(
    """
    probability probabilities prob probs p pr proba likelihood likelihoods likeliness chance
    chances odds confidence confidencescore confidencelevel score scores weight weights percent
    percentage percentages percentile nll negativeloglikelihood perplexity ppl
    estimatedprobability estimatedlikelihood statedprobability probabilityscore
    probabilityestimate likelihoodscore responseprobability probabilityofresponse typicality
    relativeprobability relativelikelihood normalizedlikelihood approximateprobability
    approxprobability probvalue probabilityvalue logprob logprobability probabilidad
    probabilidades probabilidadestimada probabilidade probabilite probabilites
    probabiliteestimee vraisemblance wahrscheinlichkeit wahrscheinlichkeiten
    geschatztewahrscheinlichkeit probabilita waarschijnlijkheid kans sannolikhet sannsynlighet
    sandsynlighed todennakoisyys prawdopodobienstwo pravdepodobnost valoszinuseg probabilitate
    olasilik ihtimal kemungkinan probabilitas xacsuat xacsuatuoctinh вероятность вероятности
    вероятностьответа ймовірність імовірність вероятност πιθανοτητα הסתברות احتمال الاحتمال
    احتمالية الاحتمالية प्रायिकता संभावना सम्भावना সম্ভাবনা நிகழ்தகவு ความน่าจะเป็น 확률 가능성
    확률값 추정확률 신뢰도 概率 機率 几率 概率值 概率估计 概率估計 概率為 概率为 確率 推定確率
    可能性 置信度 信頼度 蓋然性
    """
)

TEXT = words_of(
    """
    text texts content contents response responses responsetext answer answers answertext
    candidate candidatetext output outputs completion completions generation message reply
    continuation body sentence sample option suggestion utterance texto textos contenido
    respuesta respuestas contenu texte textes reponse reponses antwort antworten inhalt testo
    risposta risposte contenuto conteudo resposta respostas tekst antwoord svar odpowiedz
    odpoved valasz raspuns yanit cevap metin teks jawaban vanban cautraloi traloi noidung текст
    ответ ответы варіант відповідь текстответа κειμενο απαντηση תשובה טקסט نص النص إجابة الإجابة
    اجابة الاجابة उत्तर पाठ जवाब คำตอบ ข้อความ 응답 답변 텍스트 내용 답 文本 回答 答案 内容 內容
    回复 回覆 文字 响应 響應 テキスト 本文 返答 応答 解答
    """
)

ITEM = words_of(
    """
    response answer candidate option item result output completion choice sample variant
    alternative suggestion entry generation reply possibility hypothesis version respuesta
    reponse antwort risposta resposta antwoord svar odpowiedz yanit cevap jawaban ответ вариант
    відповідь 응답 답변 回答 答案 候选 候選 回复 选项 候補 応答 返答
    """
)

WRAPPER = words_of(
    """
    responses answers candidates options items results outputs completions choices samples
    variants alternatives suggestions entries generations replies possibilities hypotheses
    versions root data list distribution set responseset responselist candidatelist
    verbalizedsampling document xml reponses respuestas antworten risposte respostas ответы
    finalanswer finalresponse final solution generatedresponses possibleresponses
    sampledresponses arguments parameters input toolcall functioncall toolinput json jokes ideas
    stories poems
    """
)

REASON = words_of(
    """
    reasoning rationale explanation justification reason chainofthought cot stepbystep
    raisonnement razonamiento begrundung ragionamento raciocinio рассуждение обоснование 推理
    推理过程 理由 추론 이유 근거 思考过程 explicacion explication erklarung
    """
)

THINK = words_of(
    """
    think thinking thought thoughts analysis scratchpad reflection innermonologue brainstorm
    brainstorming draft drafts plan planning internalmonologue antthinking reasoningcontent
    """
)

META = words_of(
    """
    id index idx rank number num no i n position order type name title label category style
    genre tone turn source kind tag tags key notes note role language lang length words
    wordcount
    """
)

ANNOUNCE = (
    words_of(
        """
    concept idea joke story poem haiku draft example number no candidate response answer option
    version variant alternative suggestion sample choice item result output completion
    hypothesis possibility reply generation entry slogan name title quote prompt scenario
    approach concepto opcion idee vorschlag variante opzione concetto conceito opcao проект
    вариант вариантответа пример шутка идея 选项 選項 案 例 笑话 笑話 版本 방안 아이디어 농담 안
    アイデア ジョーク
    """
    )
    | TEXT
    | ITEM
)

_INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_NOT_A_LETTER = re.compile(r"[\W\d_]+")


def visible(text: str) -> str:
    """The text without characters of no width."""
    return text if text.isascii() else text.translate(_INVISIBLE)


@lru_cache(maxsize=2048)
def normal(word: str) -> str:
    """A word in the form in which the sets of this module hold it."""
    if not word.isascii():
        decomposed = unicodedata.normalize("NFKD", word.translate(_INVISIBLE))
        word = unicodedata.normalize("NFC", _without_latin_accents(decomposed))
        return "".join(
            c for c in word.lower() if c.isalpha() or unicodedata.category(c) in ("Mn", "Mc")
        )
    return _NOT_A_LETTER.sub("", word).lower()


def _without_latin_accents(decomposed: str) -> str:
    kept: list[str] = []
    latin = False
    for char in decomposed:
        if unicodedata.combining(char) and latin:
            continue
        latin = char < "\u0250" or "\u0370" <= char < "\u0400"
        kept.append(char)
    return "".join(kept).replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("đ", "d")


@lru_cache(maxsize=2048)
def names_number(word: str) -> bool:
    """Whether a word names the stated number."""
    return normal(word) in _NUMBER


def names_number_tag(word: str) -> bool:
    """The same for a tag: `<p>` is a paragraph, not a number."""
    return names_number(word) and len(word) > 1


_TOTALS = words_of(
    """
    total sum totalprobability sumofprobabilities overall count probabilitysum
    """
)


def names_total(word: str) -> bool:
    """Whether a word names what all candidates have together."""
    return normal(word) in _TOTALS


@lru_cache(maxsize=2048)
def names_text(word: str) -> bool:
    """Whether a word names the text of a candidate."""
    return normal(word) in _TEXT


@lru_cache(maxsize=2048)
def names_reason(word: str) -> bool:
    """Whether a word names reasoning that belongs with the answer."""
    return normal(word) in _REASON


@lru_cache(maxsize=2048)
def names_item(word: str) -> bool:
    """Whether a word names one candidate."""
    return normal(word) in _ITEM


@lru_cache(maxsize=2048)
def names_wrapper(word: str) -> bool:
    """Whether a word names the set of all candidates."""
    return normal(word) in _WRAPPER


@lru_cache(maxsize=2048)
def names_thought(word: str) -> bool:
    """Whether a word names thinking aloud, which is no answer."""
    return normal(word) in _THINK


@lru_cache(maxsize=2048)
def names_meta(word: str) -> bool:
    """Whether a word names something about a candidate that is neither text nor number."""
    return normal(word) in _META


@lru_cache(maxsize=2048)
def announces(word: str) -> bool:
    """Whether a word followed by a number announces a candidate (``Response 2``)."""
    return normal(word) in _ANNOUNCE


def _normalised(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(normal, words))


_NUMBER, _TEXT, _ITEM, _WRAPPER, _REASON, _THINK, _META, _ANNOUNCE = map(
    _normalised, (NUMBER, TEXT, ITEM, WRAPPER, REASON, THINK, META, ANNOUNCE)
)
