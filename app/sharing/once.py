"""A value that is worked out when it is first asked for, and kept.

functools.cached_property takes a lock for that in Python 3.11, which takes longer than reading a small record.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801  # it is written where `property` is
    """Makes a method an attribute of objects that threads do not share: the same, and without a lock."""

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[Value]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "once[Value] | Value":
        if instance is None:
            return self
        # An attribute of this name is found first from now on: this is not asked again.
        value = self._make(instance)
        setattr(instance, self._name, value)
        return value
