"""The words models use for the parts of a reply, in tags, keys, labels and table heads: one list.

A word is looked up in one normal form (no case, accents, digits, spaces or invisible characters),
so that ``Response_1``, ``RESPONSE 1`` and ``response`` are one word. What a word means may depend
on where it stands: ``answer`` is a candidate around fields, and a field inside of a candidate. So
the callers ask for the meaning that they can use; structure decides between them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_NOT_A_LETTER = re.compile(r"[\W\d_]+")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_A-Za-z]+")
_MOST_PARTS = 4


def words_of(text: str) -> frozenset[str]:
    """The words of a text, parted by white space, in normal form."""
    return frozenset(map(normal, text.split()))


@lru_cache(maxsize=4096)
def normal(word: str) -> str:
    """A word in the form in which the sets of this module hold it."""
    if word.isascii():
        return _NOT_A_LETTER.sub("", word).lower()
    decomposed = unicodedata.normalize("NFKD", word.translate(_INVISIBLE))
    composed = unicodedata.normalize("NFC", _without_latin_accents(decomposed))
    return "".join(
        c for c in composed.lower() if c.isalpha() or unicodedata.category(c) in ("Mn", "Mc")
    )


def _without_latin_accents(decomposed: str) -> str:
    kept: list[str] = []
    latin = False
    for char in decomposed:
        if unicodedata.combining(char) and latin:
            continue
        latin = char < "\u0250" or "\u0370" <= char < "\u0400"
        kept.append(char)
    return "".join(kept).replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("đ", "d")


_JUDGEMENT = words_of(
    """
    relevance relevancescore relevancy relevancyscore certainty certaintyscore helpfulness
    helpfulnessscore usefulness usefulnessscore
    """
)

NUMBER = _JUDGEMENT | words_of(
    """
    probability probabilities prob probs p pr proba likelihood likelihoods likeliness chance
    chances odds confidence confidencescore confidencelevel score scores weight weights
    percent percentage percentages percentile nll negativeloglikelihood perplexity ppl
    estimatedprobability estimatedlikelihood statedprobability probabilityscore
    probabilityestimate likelihoodscore responseprobability probabilityofresponse typicality
    relativeprobability relativelikelihood normalizedlikelihood approximateprobability
    approxprobability probvalue probabilityvalue logprob logprobability probabilidad
    probabilidades probabilidadestimada probabilidade probabilite probabilites
    probabiliteestimee vraisemblance wahrscheinlichkeit wahrscheinlichkeiten
    geschatztewahrscheinlichkeit probabilita waarschijnlijkheid kans sannolikhet
    sannsynlighet sandsynlighed todennakoisyys prawdopodobienstwo pravdepodobnost
    valoszinuseg probabilitate olasilik ihtimal kemungkinan probabilitas xacsuat
    xacsuatuoctinh вероятность вероятности вероятностьответа ймовірність імовірність
    вероятност πιθανοτητα הסתברות احتمال الاحتمال احتمالية الاحتمالية प्रायिकता संभावना
    सम्भावना সম্ভাবনা நிகழ்தகவு ความน่าจะเป็น 확률 가능성 확률값 추정확률 신뢰도 概率 機率 几率
    概率值 概率估计 概率估計 概率為 概率为 確率 推定確率 可能性 置信度 信頼度 蓋然性
    احتمالات
    """
)
"""What names the stated number."""

ANSWER = words_of(
    """
    text texts content contents response responses responsetext answer answers answertext
    candidate candidatetext output outputs completion completions generation message reply
    continuation body sentence sample option suggestion utterance texto textos contenido
    respuesta respuestas contenu texte textes reponse reponses antwort antworten inhalt
    testo risposta risposte contenuto conteudo resposta respostas tekst antwoord svar
    odpowiedz odpoved valasz raspuns yanit cevap metin teks jawaban vanban cautraloi traloi
    noidung текст ответ ответы варіант відповідь текстответа κειμενο απαντηση תשובה טקסט نص
    النص إجابة الإجابة اجابة الاجابة उत्तर पाठ जवाब คำตอบ ข้อความ 응답 답변 텍스트 내용 답
    文本 回答 答案 内容 內容 回复 回覆 文字 响应 響應 テキスト 本文 返答 応答 解答 item
    result choice variant alternative entry possibility hypothesis version вариант 候选 候選
    选项 候補 respons phanhoi 回應 回应 پاسخ متن कथन प्रतिक्रिया rispostes guess idea solution
    prediction approach concept proposal
    """
)
"""What names one candidate, or its text."""

TEXT = words_of(
    """
    text texts content response responses texto contenido respuesta contenu texte reponse
    antwort inhalt testo risposta contenuto conteudo resposta tekst antwoord innehall svar
    odpowiedz odpoved valasz raspuns yanit metin teks jawaban respons vanban noidung
    cautraloi phanhoi текст ответ відповідь κειμενο απαντηση תשובה טקסט الرد النص نص متن
    پاسخ उत्तर पाठ คำตอบ ข้อความ 응답 텍스트 내용 文本 回答 内容 內容 回复 回覆 回應 文字 响应
    響應 テキスト 本文 返答 応答
    """
)
"""What labels the text of a candidate, where it stands at its top."""

SET = words_of(
    """
    responses answers candidates options items results outputs completions choices samples
    variants alternatives suggestions entries generations replies possibilities hypotheses
    versions root data list distribution set responseset responselist candidatelist
    verbalizedsampling document xml reponses respuestas antworten risposte respostas ответы
    finalanswer finalresponse final solution generatedresponses possibleresponses
    sampledresponses arguments parameters input toolcall functioncall toolinput json jokes
    ideas stories poems guesses predictions
    """
)
"""What names the set of all candidates."""

REASON = words_of(
    """
    reasoning rationale explanation justification reason chainofthought cot stepbystep
    raisonnement razonamiento begrundung ragionamento raciocinio рассуждение обоснование
    推理 推理过程 理由 추론 이유 근거 思考过程 explicacion explication erklarung because why
    """
)
"""What names reasoning that belongs with an answer."""

THOUGHT = words_of(
    """
    think thinking thought thoughts analysis scratchpad reflection innermonologue brainstorm
    brainstorming draft drafts plan planning internalmonologue antthinking reasoningcontent
    """
)
"""What names thinking aloud, which is no answer."""

ABOUT = words_of(
    """
    id index idx rank number num no i n position order type name title label category style
    genre tone turn source kind tag tags key notes note role language lang length words
    wordcount
    """
)
"""What names something about a candidate that is neither its text nor its number."""

_TOTAL = words_of("total sum totalprobability sumofprobabilities overall count probabilitysum")
_BODY = words_of(
    """
    text texts content contents responsetext answertext candidatetext texto contenido
    contenu texte testo contenuto conteudo tekst inhalt metin teks vanban noidung текст
    κειμενο טקסט نص النص متن पाठ ข้อความ 텍스트 내용 文本 内容 內容 テキスト 本文
    """
)
_INLINE = words_of(
    """
    a b i u s p q br em hr li ol ul td th tr h div pre sub sup code span strong small table
    thead tbody blockquote img kbd mark del ins details summary input button label svg path
    script style head html body main section article header footer nav form video audio source
    font center select
    """
)
_STRONG_NUMBER = words_of(
    """
    probability prob likelihood confidence probabilidad probabilidade probabilite
    probabilita wahrscheinlichkeit вероятность 概率 機率 確率 확률
    """
)


@lru_cache(maxsize=4096)
def names_number(word: str) -> bool:
    """Whether a word names the stated number, alone or qualified (``sampling_probability``)."""
    if normal(word) in NUMBER:
        return True
    parts = [normal(part) for part in _PARTS.findall(word)]
    return 1 < len(parts) <= _MOST_PARTS and (
        parts[-1] in _STRONG_NUMBER or (parts[0] in _STRONG_NUMBER and "of" in parts)
    )


def judges(written: str) -> bool:
    """Whether a label names how a model judges something, on whatever scale: `Relevance`."""
    return any(normal(word) in _JUDGEMENT for word in written.split())


@lru_cache(maxsize=4096)
def names_number_tag(word: str) -> bool:
    """The same for a tag: `<p>` is a paragraph, not a number."""
    return len(word) > 1 and names_number(word)


@lru_cache(maxsize=4096)
def names_answer(word: str) -> bool:
    """Whether a word names one candidate, or its text."""
    return normal(word) in ANSWER


@lru_cache(maxsize=4096)
def names_text(word: str) -> bool:
    """Whether a word labels the text of a candidate, where it stands at its top."""
    return normal(word) in TEXT


@lru_cache(maxsize=4096)
def names_set(word: str) -> bool:
    """Whether a word names the set of all candidates."""
    return normal(word) in SET


@lru_cache(maxsize=4096)
def names_reason(word: str) -> bool:
    """Whether a word names reasoning that belongs with an answer."""
    return normal(word) in REASON


@lru_cache(maxsize=4096)
def names_thought(word: str) -> bool:
    """Whether a word names thinking aloud, which is no answer."""
    return normal(word) in THOUGHT


@lru_cache(maxsize=4096)
def names_about(word: str) -> bool:
    """Whether a word names something about a candidate that is neither text nor number."""
    return normal(word) in ABOUT


@lru_cache(maxsize=4096)
def names_total(word: str) -> bool:
    """Whether a word names what all candidates have together."""
    return normal(word) in _TOTAL


@lru_cache(maxsize=4096)
def names_inline(word: str) -> bool:
    """Whether a word names an element of HTML that stands in running text."""
    return normal(word) in _INLINE


@lru_cache(maxsize=4096)
def names_body(word: str) -> bool:
    """Whether a word names the text of a candidate, and never the candidate as a whole."""
    return normal(word) in _BODY
