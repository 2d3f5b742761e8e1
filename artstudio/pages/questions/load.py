"""Sets of questions: the lesson's, and a teacher's own, each a TOML file (docs/questions.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artstudio.errors import BadInput, clip, shown, unknown
from artstudio.files.source import read_limited
from artstudio.model.fields.documents import read_toml
from artstudio.pages.questions.kinds import KINDS, Question

LESSON = Path(__file__).parent / "lesson.toml"
"""The questions that come with artstudio."""

MAX_FILE_SIZE = 256 * 1024
MAX_QUESTIONS = 60


@dataclass(frozen=True)
class QuestionSet:
    """Questions in the order in which they are asked."""

    title: str
    questions: tuple[Question, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values for the page, without what is not there."""
        return {
            "title": self.title,
            "questions": [question.model_dump(exclude_defaults=True) for question in self.questions],
        }


_READ = ("title", "ask", "explain", "say", "hint", "label", "at", "needs_words")


def question_texts(values: Any) -> Iterator[str]:
    """Yield all that people read in a set of questions, as JSON values or a part of them."""
    if isinstance(values, list | tuple):
        for one in values:
            yield from question_texts(one)
    elif isinstance(values, dict):
        for name, one in values.items():
            if name in _READ and isinstance(one, str):
                yield one
            elif name == "lines":
                yield from one
            else:
                yield from question_texts(one)


def load_questions(path: str | Path = LESSON) -> QuestionSet:
    """Read a set of questions. Raises `BadInput` with file, question and key, `FileProblem` if it can't be read."""
    values = read_toml(read_limited(Path(path), MAX_FILE_SIZE, "questions"), str(path))
    title = values.pop("title", Path(path).stem)
    if not isinstance(title, str) or not 0 < len(title) <= 80:
        raise BadInput(f"{path}: title: expected a text of at most 80 characters, found {shown(title)}")
    tables = values.pop("question", [])
    for name in values:
        raise unknown(f"key in {path}:", name, ("title", "question"))
    if not isinstance(tables, list) or not 0 < len(tables) <= MAX_QUESTIONS:
        raise BadInput(f"{path}: expected 1 to {MAX_QUESTIONS} tables [[question]], found {_count(tables)}")
    questions = tuple(_question(f"{path}: question {i}", table) for i, table in enumerate(tables, 1))
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise BadInput(f"{path}: expected each id once, found {question.id!r} twice")
        seen.add(question.id)
    return QuestionSet(title, questions)


def _count(tables: Any) -> str:
    return str(len(tables)) if isinstance(tables, list) else shown(tables)


def _question(where: str, table: Any) -> Question:
    if not isinstance(table, dict):
        raise BadInput(f"{where}: expected a table [[question]], found {shown(table)}")
    name = table.get("id")
    where = f"{where} ({clip(name, 40)})" if isinstance(name, str) else where
    kind = table.get("kind")
    if kind is None:
        raise BadInput(f"{where}: expected a kind: {', '.join(KINDS)}")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadInput(f"{where}: {unknown('kind', kind, KINDS)}")
    try:
        return KINDS[kind](**table)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
