"""What building a world gave back, kept for the tests after it: no test sees another's attributes."""

import io
import pickle
from collections.abc import Hashable
from typing import Any

from pydantic import BaseModel


class Frozen:
    """The worlds' instances as they were when the last of them was built.

    They are pickled together, so two worlds that know the same row share one instance of it. A round's definition
    cannot change and is large: every test gets the same one.
    """

    def __init__(self, values: dict[Hashable, Any]) -> None:
        self._keys = list(values)
        self._definitions: dict[int, BaseModel] = {}
        buffer = io.BytesIO()
        _Pickler(buffer, self._definitions).dump(list(values.values()))
        self._pickled = buffer.getvalue()

    def instances(self) -> dict[Hashable, Any]:
        values = _Unpickler(io.BytesIO(self._pickled), self._definitions).load()
        return dict(zip(self._keys, values, strict=True))


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, definitions: dict[int, BaseModel]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._definitions = definitions

    def persistent_id(self, value: Any) -> int | None:
        if not isinstance(value, BaseModel):
            return None
        self._definitions[id(value)] = value
        return id(value)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, definitions: dict[int, BaseModel]) -> None:
        super().__init__(file)
        self._definitions = definitions

    def persistent_load(self, key: int) -> BaseModel:
        return self._definitions[key]
