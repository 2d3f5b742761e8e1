"""The registry of lessons: one record per topic, in the order in which they are given."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from artstudio.errors import BadInput, unknown
from artstudio.figures.lessons.lesson import Lesson, Result
from artstudio.model.fields.strict import checked

ALL = "all"
"""What stands for every topic."""

_RECORDS = (
    Lesson("linearity", ("seed", "units", "depth", "activation", "palette")),
    Lesson("vanishing", ("seed", "units", "depth", "activation", "init")),
    Lesson("initialisation", ("seed", "units", "depth", "activation")),
    Lesson("dying", ("seed", "units", "depth", "rate")),
    Lesson("learning", ("seed", "units", "depth")),
    Lesson("softmax", ("scores", "temperature")),
)

LESSONS: Mapping[str, Lesson] = MappingProxyType({record.topic: record for record in _RECORDS})


def find_lessons(topic: str) -> tuple[Lesson, ...]:
    """Return the lesson on a topic, or every lesson for `all`. Raises `BadInput`."""
    if topic == ALL:
        return tuple(LESSONS.values())
    if topic not in LESSONS:
        raise unknown("topic", topic, (*LESSONS, ALL))
    return (LESSONS[topic],)


def check_settings(topic: str, settings: Mapping[str, Any]) -> None:
    """Refuse settings that a topic does not take: `all` takes the seed alone. Raises `BadInput`."""
    takes = ("seed",) if topic == ALL else find_lessons(topic)[0].settings
    for name in settings:
        if name not in takes:
            raise BadInput(f"lesson {topic}: takes {', '.join(takes)}; found {name}")


def measure(lesson: Lesson, settings: Mapping[str, Any]) -> Result:
    """Measure a lesson with those of the settings that it takes. Raises `BadInput` for one out of its range."""
    result: Result = checked(lesson.measure)(
        **{name: settings[name] for name in lesson.settings if name in settings}
    )
    return result
