"""What a browser may ask of a widget."""

import msgspec


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="ask"):
    """A request, told from others by its `ask`; one with anything unknown in it is none."""
