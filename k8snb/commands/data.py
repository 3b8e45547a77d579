"""`k8snb data`."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated

from typer import Option, Typer

from k8snb.languages import _

if TYPE_CHECKING:
    from k8snb.commands.data_files import Renewal
    from k8snb.formats.screen import Screen

EXAMPLES = """\b
Examples:
  k8snb data status                  how old is what k8snb knows?
  k8snb data update --from newer/    a folder of data files
  k8snb data update --from cves.json
  k8snb data update --from https://files.example.com/k8snb/data/

\b
Data comes with k8snb; newer data in your own folder is preferred. No server
is asked but the one that you name, by --from or K8SNB_DATA_FROM. Files are
checked first; one that is not whole changes nothing.
"""

app = Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


@app.command(short_help="Tell how old each data file is.")
def status() -> int:
    """Tell how old each data file is, and where the one that is used comes from."""
    from k8snb.commands.output import screen, write

    shown = screen()
    write(shown.finish(_status(shown, date.today())))
    return 0


@app.command(short_help="Take over newer data files.")
def update(
    place: Annotated[
        str | None, Option("--from", metavar="FILE|URL", help="A data file, a folder of them, or a URL of either.")
    ] = None,
) -> int:
    """Check data files, and put those that are newer into your own folder."""
    from k8snb.commands.data_files import renew
    from k8snb.commands.output import write

    write("".join(f"{_told(one)}\n" for one in renew(place)).encode())
    return 0


def _told(one: "Renewal") -> str:
    if one.newer:
        return f"{one.name}: {one.before} -> {one.offered}"
    return _(f"{one.name}: {one.offered} is not newer than {one.before}; left as it is")


def _status(screen: "Screen", today: date) -> Iterator[str]:
    from k8snb.assessment.ageing import FRESH_DAYS, days_old, types
    from k8snb.data import folder, load, mine
    from k8snb.display.text import pad
    from k8snb.formats.screen import plural

    head = f"{pad(_('DATA'), 18)}{pad(_('DATE'), 12)}{pad(_('AGE'), 14)}{_('FROM')}"
    yield screen.style(head, "title")
    old = False
    for name, type_ in types().items():
        used, own = load(name, type_), mine(name, type_)
        days = days_old(used, today)
        old = old or days > FRESH_DAYS
        where = _("your folder" if own == used else "k8snb itself")
        line = f"{name:<18}{used.date:<12}{pad(plural(days, 'day'), 14)}{where}"
        yield screen.style(line, "medium") if days > FRESH_DAYS else line
        if own is None and (folder() / f"{name}.json").exists():
            yield f"{'':<18}{_('the file in your folder is not whole, and is not used')}"
    yield ""
    yield from screen.wrap(f"Your folder is {folder()}")
    if old:
        told = f"A run says so where it used data that is older than {FRESH_DAYS} days; k8snb data update renews it."
        yield from screen.wrap(told)
