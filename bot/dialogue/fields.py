"""The twelve fields of a sign-up, in the order in which they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a person is asked for."""

    name: str
    required: bool = False
    options: tuple[str, ...] = ()  #: the values to choose from; empty where people type freely
    limit: int = 200  #: characters


FIELDS: tuple[Field, ...] = (
    Field(name="interest", required=True, options=("crash_course", "longer_support", "both")),
    Field(
        name="organisation_type",
        required=True,
        options=(
            "municipality",
            "housing_corporation",
            "neighbourhood_organisation",
            "energy_or_grid_company",
            "builder_or_installer",
            "other",
        ),
    ),
    Field(name="organisation", required=True),
    Field(name="name", required=True),
    Field(name="email", required=True),
    Field(name="role"),
    Field(name="phone"),
    Field(
        name="group_composition",
        options=("one_municipality", "municipality_with_partners", "several_municipalities", "unknown"),
    ),
    Field(name="participants"),
    Field(name="place"),
    Field(name="period"),
    Field(name="remark", limit=2000),
)
BY_NAME = {field.name: field for field in FIELDS}
REQUIRED = tuple(field.name for field in FIELDS if field.required)
OPTIONAL = tuple(field.name for field in FIELDS if not field.required)


def next_required(answers: Mapping[str, str]) -> str | None:
    """The first required field without an answer."""
    return next((name for name in REQUIRED if name not in answers), None)
