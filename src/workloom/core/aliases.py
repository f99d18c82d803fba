"""Other names for the same thing, which clients written for other servers send."""

from collections.abc import Mapping


def with_ids(names: Mapping[str, str]) -> Mapping[str, str]:
    """Add to the names of relations the forms that end in _id and _ids; a name that stands for itself is no alias."""
    plain = {name: target for name, target in names.items() if name != target}
    return plain | {f"{name}{end}": target for name, target in names.items() for end in ("_id", "_ids")}
