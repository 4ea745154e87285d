"""Help pages that read like those of other tools: flags without a value, arguments without a Python type."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

__all__ = ["FLAG", "App"]

#: What the help shows as the value of an option that takes none; else it would say <bool>.
FLAG: Final = ""

Called = TypeVar("Called", bound=Callable[..., Any])


class _Argument(TyperArgument):
    """One whose name says what it is; of choices it says them."""

    def __init__(self, plain: TyperArgument) -> None:
        vars(self).update(vars(plain))

    def display_type_rich(self, ctx: Any) -> str | None:
        """What the help says beside its name."""
        return super().display_type_rich(ctx) if self.type_descriptor.is_choice else None


class _Command(TyperCommand):
    """A command whose line in a list of them is its first sentence."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params = _tidied(self.params)
        self.short_help = self.short_help or _first_sentence(self.help)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """``--help``."""
        return _as_flag(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What follows the name in the line that shows how it is used."""
        return _unbraced(super().collect_usage_pieces(ctx))


class _Group(TyperGroup):
    """Commands under one name."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.short_help = self.short_help or _first_sentence(self.help)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        """``--help``."""
        return _as_flag(super().get_help_option(ctx))


class App(typer.Typer):
    """Commands of Outrider: without arguments they show their help."""

    def __init__(self, **given: Any) -> None:
        super().__init__(cls=_Group, no_args_is_help=True, **given)

    def command(self, name: str | None = None, **given: Any) -> Callable[[Called], Called]:
        """As ``typer.Typer.command``."""
        return super().command(name, cls=_Command, **given)


def _tidied(params: Sequence[Any]) -> list[Any]:
    return [_Argument(param) if isinstance(param, TyperArgument) else param for param in params]


def _as_flag(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.metavar = FLAG
    return option


def _unbraced(pieces: Sequence[str]) -> list[str]:
    """``TASK``; Typer has braces round what is needed, which others have round alternatives."""
    return [piece.replace("{", "").replace("}", "") for piece in pieces]


def _first_sentence(text: str | None) -> str:
    first = (text or "").strip().partition("\n\n")[0].replace("\n", " ")
    end = first.find(". ")
    return first if end < 0 else first[: end + 1]
