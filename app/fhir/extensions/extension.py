"""How an extension of the product is written down. https://hl7.org/fhir/R4/defining-extensions.html"""

from dataclasses import dataclass

from app.fhir.canonical import extension


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension. `contexts` are the elements that may carry it, `value` the type of its value ('': it has parts).

    `targets` are the types that a Reference may be to, `codes` the last part of the CodeSystem that a code is of,
    `optional` says of a part that it may be left out.
    """

    name: str
    contexts: tuple[str, ...]
    value: str
    title: str
    description: str
    many: bool = False
    modifier: bool = False
    targets: tuple[str, ...] = ()
    codes: str = ""
    optional: bool = False
    parts: tuple["Extension", ...] = ()

    @property
    def url(self) -> str:
        return extension(self.name)

    @property
    def member(self) -> str:
        """The JSON name of its value."""
        return f"value{self.value[0].upper()}{self.value[1:]}" if self.value else "extension"
