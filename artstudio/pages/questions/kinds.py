"""The kinds of questions: what a table of each says. The page asks and checks them (`studio/questionkinds.js`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from artstudio.errors import BadInput
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.fields.strict import Strict
from artstudio.model.recipe import Recipe
from artstudio.pages.questions.expressions import EXPLORER, TRAINING, check_expression

Words = Annotated[str, Field(min_length=1, max_length=600)]
Short = Annotated[str, Field(min_length=1, max_length=80)]
Expression = Annotated[str, Field(min_length=1, max_length=300)]

READOUTS = ("f", "slope", "product", "shares")
"""Numbers of the explorer, hidden until the question is answered, but for those that `shows` names."""


def _checked(text: str, names: tuple[str, ...] = ()) -> str:
    try:
        return check_expression(text, names)
    except BadInput as error:
        raise ValueError(str(error)) from None


def _activation(text: str) -> str:
    try:
        return get_activation(text).name
    except BadInput as error:
        raise ValueError(str(error)) from None


class Scene(Strict):
    """What the page shows beside a question; what is left out stays as it is."""

    functions: Annotated[list[Expression], Field(max_length=6)] = Field(default_factory=list)
    z: Annotated[float, Field(ge=-100, le=100, strict=False)] | None = None
    z_at: Expression | None = None
    """z as an expression, where it is computed."""
    range: Annotated[int, Field(ge=2, le=100)] | None = None
    layers: Annotated[int, Field(ge=1, le=50)] | None = None
    scores: (
        Annotated[list[Annotated[float, Field(ge=-5, le=5, strict=False)]], Field(min_length=2, max_length=8)]
        | None
    ) = None
    temperature: Annotated[float, Field(ge=0.1, le=10, strict=False)] | None = None
    picture: dict[str, Any] | None = None
    """Fields of a recipe: the picture is painted with them while the question is asked, and is as before after it."""
    learn: Annotated[str, Field(max_length=300)] | None = None
    """Learn mode, with the settings of its address: a preset's name, or `relu,tanh,target:xor,rate:0.3`."""

    @field_validator("functions")
    @classmethod
    def _functions(cls, value: list[str]) -> list[str]:
        return [_activation(text) for text in value]

    @field_validator("z_at")
    @classmethod
    def _z_at(cls, value: str | None) -> str | None:
        return value and _checked(value)

    @field_validator("picture")
    @classmethod
    def _picture(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            try:
                Recipe(**value)
            except BadInput as error:
                raise ValueError(str(error)) from None
        return value


class Hint(Strict):
    """What to say to one wrong answer."""

    given: Expression
    """The wrong answer: an expression; of a formula, one in z."""
    say: Words
    at: Short | None = None
    """The label of the number that it is about, where there are several."""


class Number(Strict):
    """One of the numbers that are asked for."""

    label: Short
    value: Expression
    tolerance: Annotated[float, Field(gt=0, le=0.5, strict=False)] = 0.02
    """How far off an answer may be, as a share of the value."""

    @field_validator("value")
    @classmethod
    def _value(cls, value: str) -> str:
        return _checked(value, TRAINING)


class Choice(Strict):
    """One of the answers to choose from."""

    say: Words
    right: bool | Expression = False
    """Whether it is right, or an expression that is not 0 where it is."""
    hint: Annotated[str, Field(max_length=600)] = ""

    @field_validator("right")
    @classmethod
    def _right(cls, value: bool | str) -> bool | str:
        return value if isinstance(value, bool) else _checked(value, TRAINING)


class Question(Strict):
    """What every question has."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    """Its name in the page's address, and under which its answer is kept."""
    kind: str
    title: Short
    ask: Words
    explain: Words
    """What is said once it is answered; {name} stands for a number of `numbers`."""
    numbers: dict[Annotated[str, Field(pattern=r"^\w{1,20}$")], Expression] = Field(default_factory=dict)
    digits: Annotated[int, Field(ge=1, le=6)] = 6
    """Of those numbers."""
    exercise: Annotated[int, Field(ge=1, le=99)] | None = None
    """The number of the lesson's exercise that it is."""
    part: Literal["charts", "depth", "softmax", "picture"] = "charts"
    """The part of the explorer that it is about; "picture" for the picture beside it."""
    scene: Scene = Scene()
    then: Scene = Scene()
    """What is shown with the answer."""
    shows: list[str] = Field(default_factory=list)
    needs: list[Expression] = Field(default_factory=list)
    """Of learn mode: what must hold before an answer is taken, such as `steps >= 200`."""
    needs_words: Annotated[str, Field(max_length=200)] = ""

    @field_validator("numbers")
    @classmethod
    def _numbers(cls, value: dict[str, str]) -> dict[str, str]:
        return {name: _checked(text, TRAINING) for name, text in value.items()}

    @field_validator("shows")
    @classmethod
    def _shows(cls, value: list[str]) -> list[str]:
        for name in value:
            if name not in READOUTS:
                raise ValueError(f"expected one of: {', '.join(READOUTS)}; found {name!r}")
        return value

    @field_validator("needs")
    @classmethod
    def _needs(cls, value: list[str]) -> list[str]:
        return [_checked(text, TRAINING) for text in value]


class NumberQuestion(Question):
    """Numbers to type: 0.25, 1/4, 6.6e-3, 0,25."""

    answers: Annotated[list[Number], Field(min_length=1, max_length=6)]
    hints: list[Hint] = Field(default_factory=list)

    @field_validator("hints")
    @classmethod
    def _hints(cls, value: list[Hint]) -> list[Hint]:
        for hint in value:
            _checked(hint.given, TRAINING)
        return value


class ChoiceQuestion(Question):
    """Answers to choose from."""

    choices: Annotated[list[Choice], Field(min_length=2, max_length=6)]

    @field_validator("choices")
    @classmethod
    def _choices(cls, value: list[Choice]) -> list[Choice]:
        if not any(choice.right for choice in value):
            raise ValueError("expected a choice with right = true, or an expression; found none")
        return value


class OrderQuestion(Question):
    """The lines of a proof, to be put in order; they stand in the right one."""

    lines: Annotated[list[Words], Field(min_length=3, max_length=8)]


class FormulaQuestion(Question):
    """A formula to type, an expression in z that is compared at 200 points of the range."""

    answer: Expression
    uses: list[Short] = Field(default_factory=list)
    """Activations that the formula must call."""
    without: list[Short] = Field(default_factory=list)
    """Functions that it may not call."""
    hints: list[Hint] = Field(default_factory=list)

    @field_validator("answer")
    @classmethod
    def _answer(cls, value: str) -> str:
        return _activation(value)

    @field_validator("uses")
    @classmethod
    def _uses(cls, value: list[str]) -> list[str]:
        for name in value:
            if name not in ACTIVATIONS:
                raise ValueError(f"expected names of activations, found {name!r}")
        return value

    @field_validator("hints")
    @classmethod
    def _hints(cls, value: list[Hint]) -> list[Hint]:
        for hint in value:
            _activation(hint.given)
        return value


class StateQuestion(Question):
    """Something to do in the explorer: drag z, change the layers."""

    goal: Annotated[list[Expression], Field(min_length=1, max_length=6)]
    """What holds once it is done, all of it: `slope_z < 0.1`."""
    hint: Annotated[str, Field(max_length=600)] = ""

    @field_validator("goal")
    @classmethod
    def _goal(cls, value: list[str]) -> list[str]:
        return [_checked(text, EXPLORER) for text in value]


class TrainingQuestion(Question):
    """Something to reach in learn mode: `accuracy(relu) > 0.95`."""

    goal: Annotated[list[Expression], Field(min_length=1, max_length=6)]
    hint: Annotated[str, Field(max_length=600)] = ""

    @field_validator("goal")
    @classmethod
    def _goal(cls, value: list[str]) -> list[str]:
        return [_checked(text, TRAINING) for text in value]


KINDS: Mapping[str, type[Question]] = MappingProxyType(
    {
        "number": NumberQuestion,
        "choice": ChoiceQuestion,
        "order": OrderQuestion,
        "formula": FormulaQuestion,
        "state": StateQuestion,
        "training": TrainingQuestion,
    }
)
