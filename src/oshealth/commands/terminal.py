"""The one way to the terminal: whatever is written here comes out visible, whoever named it."""

from collections.abc import Iterable

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from oshealth.visible import visible


class Terminal(Console):
    """Rich's console; control sequences are its own alone, never those of a text."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Everything that is printed passes here, what stands in tables too."""
        for segment in super().render(_made_visible(renderable), options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def say(text: str, *, is_error: bool = False) -> None:
    """Write lines as they are, without colours and breaks."""
    typer.echo(visible(text), err=is_error)


def _made_visible(renderable: RenderableType) -> RenderableType:
    """A text before it is broken into lines, so that none is cut off."""
    if not isinstance(renderable, Text) or renderable.plain == visible(renderable.plain):
        return renderable
    shown = renderable.copy()
    shown.plain = visible(renderable.plain)
    return shown
