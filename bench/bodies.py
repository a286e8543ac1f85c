"""The resources that the benchmark creates: one text for each type, in which only places of fixed length differ."""

from dataclasses import dataclass
from typing import Any, Final

import orjson

from bench import people

ID: Final = "1d000000-0000-4000-8000-000000000001"
PATIENT: Final = "1d000000-0000-4000-8000-000000000002"
SUPPORTER: Final = "1d000000-0000-4000-8000-000000000003"
SERIAL: Final = "4040404040"

# Without meta, which the stored version gets.
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    example["resourceType"]: {name: value for name, value in example.items() if name != "meta"}
    for example in (
        people.supporter(ID, PATIENT, SERIAL),
        people.consent_to(ID, PATIENT, SUPPORTER),
        people.plan_with(ID, PATIENT, SUPPORTER),
    )
}


@dataclass(frozen=True, slots=True)
class Body:
    """The text of one type's bodies, and where in it stands what differs."""

    text: bytes

    def with_values(self, patient: str, supporter: str, serial: str) -> bytes:
        """A body about this patient and supporter, with this serial number of ten digits."""
        values = ((PATIENT, patient), (SUPPORTER, supporter), (SERIAL, serial))
        text = self.text
        for place, value in values:
            text = text.replace(place.encode(), value.encode())
        return text

    def place(self, value: str) -> slice:
        """Where PATIENT, SUPPORTER or SERIAL first stands; an empty slice at the start when it does not."""
        start = self.text.find(value.encode())
        return slice(0, 0) if start < 0 else slice(start, start + len(value))


BODIES: Final = {
    type_: Body(orjson.dumps({name: value for name, value in example.items() if name != "id"}))
    for type_, example in EXAMPLES.items()
}
