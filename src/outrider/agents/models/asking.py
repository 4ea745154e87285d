"""How a language model is asked for one decision: again, until its answer fits, or until there is no use in it.

Answers are calls of tools or, for models that have none, text that is JSON. What does not fit is said to the model
together with its answer; what it was told before stays.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final, Literal

from pydantic import ValidationError
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    OutputTokenLimitExceeded,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import (
    InstructionPart,
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import Model as Connection
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings as RequestSettings
from pydantic_ai.tools import ToolDefinition

from outrider.agents.models.decisions import FORMS, DecisionForm, OneForm, ReadForm
from outrider.config import ModelSettings
from outrider.interfaces.usage import Meter, Usage

__all__ = ["Asking", "UnfitError"]

#: Parts of a page that may be read for one decision.
_PARTS: Final = 5
#: Of what is wrong with an answer, as much is said.
_FAULTS: Final = 5
_MILLION: Final = Decimal(1_000_000)


class UnfitError(Exception):
    """An answer has the right form and still can't be used; the message is for the model."""


#: Raises ``UnfitError`` for a decision that can't be carried out.
Check = Callable[[DecisionForm], None]
Read = Callable[[ReadForm], Awaitable[str]]


class Asking:
    """Asks one model, in the form that it answers in. Keeps nothing between decisions."""

    def __init__(
        self, connection: Connection, settings: ModelSettings, fallbacks: Sequence[ModelSettings], instructions: str
    ) -> None:
        self._connection = connection
        self._priced = (settings, *fallbacks)
        #: Providers' models whose prices nobody knows.
        self._unpriced: set[tuple[str | None, ...]] = set()
        self._repairs = settings.repairs
        self._instructions = instructions
        self._parameters = _PARAMETERS[settings.output]([InstructionPart(content=instructions)])
        self._calls = _tool_calls if settings.output == "tool" else _text_calls
        self._settings: RequestSettings = {
            "max_tokens": settings.answer_tokens,
            "timeout": settings.timeout_seconds,
            "cache": True,
        }
        if settings.temperature is not None:
            self._settings["temperature"] = settings.temperature

    async def ask(self, told: str | Sequence[UserContent], check: Check, read: Read, meter: Meter) -> DecisionForm:
        """The first answer that passes ``check``; ``read`` gives parts of the page, ``meter`` is told what it takes.

        Raises the library's errors: those of the connection, ContentFilterError for a refusal,
        OutputTokenLimitExceeded for an answer that was cut off, UnexpectedModelBehavior for one that does not fit.
        """
        messages: list[ModelMessage] = [ModelRequest([UserPromptPart(told)], instructions=self._instructions)]
        repairs, parts = self._repairs, _PARTS
        while True:
            response = await self._request(messages, meter)
            replies: list[ModelRequestPart] = []
            faults: list[str] = []
            for call in self._calls(response):
                try:
                    form = call.form()
                    if not isinstance(form, ReadForm):
                        check(form)
                        return form
                    replies.append(call.reply(await read(form)))
                    parts -= 1
                except (ValidationError, UnfitError) as error:
                    faults.append(_fault(error))
                    replies.append(call.reply(faults[-1], again=True))
            if not replies:
                faults.append(f"Answer with a call of one of the tools {', '.join(FORMS)}.")
                replies.append(UserPromptPart(faults[-1]))
            repairs -= bool(faults)
            if repairs < 0 or parts < 0 or response.finish_reason == "content_filter":
                raise _end(response, faults)
            messages += [response, ModelRequest(replies, instructions=self._instructions)]

    async def _request(self, messages: Sequence[ModelMessage], meter: Meter) -> ModelResponse:
        meter.add(Usage(requests=1))
        response = await model_request(
            self._connection,
            messages,
            model_settings=self._settings,
            model_request_parameters=self._parameters,
        )
        used = response.usage
        cost = self._cost(response)
        meter.add(Usage(0, used.input_tokens, used.cache_read_tokens, used.output_tokens, cost))
        return response

    def _cost(self, response: ModelResponse) -> Decimal | None:
        """In US dollars: by the prices of whichever of the models has answered, else where the library knows it."""
        name = response.model_name or ""
        model = next((one for one in self._priced if name.startswith(one.model)), self._priced[0])
        if model.input_price is not None and model.output_price is not None:
            used = response.usage
            return (used.input_tokens * model.input_price + used.output_tokens * model.output_price) / _MILLION
        asked = response.provider_url, response.provider_name, name
        if asked in self._unpriced:
            return None
        try:
            return response.cost().total_price
        except LookupError:
            self._unpriced.add(asked)
        except (AssertionError, ValueError):
            pass
        return None


@dataclass(frozen=True, slots=True)
class _Call:
    """A decision as it was given: as the call of a tool, or as text."""

    part: ToolCallPart | str

    def form(self) -> DecisionForm | ReadForm:
        """Raises ValidationError, UnfitError."""
        match self.part:
            case str(text):
                return OneForm.model_validate_json(text[text.find("{") : text.rfind("}") + 1]).given()
            case ToolCallPart(tool_name=name) if name not in FORMS:
                raise UnfitError(f"There is no tool {name}; there are {', '.join(FORMS)}.")
            case ToolCallPart(tool_name=name, args=str(text)):
                return FORMS[name].model_validate_json(text)
            case ToolCallPart(tool_name=name, args=given):
                return FORMS[name].model_validate(given or {})

    def reply(self, text: str, *, again: bool = False) -> ModelRequestPart:
        """What is said to it; ``again`` when it has to be made anew."""
        match self.part:
            case str():
                return UserPromptPart(text)
            case ToolCallPart(tool_name=name, tool_call_id=call_id):
                return ToolReturnPart(name, text, call_id, outcome="retried" if again else "success")


def _tool_calls(response: ModelResponse) -> Iterator[_Call]:
    return (_Call(part) for part in response.parts if isinstance(part, ToolCallPart))


def _text_calls(response: ModelResponse) -> Iterator[_Call]:
    yield _Call("".join(part.content for part in response.parts if isinstance(part, TextPart)))


def _fault(error: ValidationError | UnfitError) -> str:
    """What is wrong with an answer, for its model."""
    if isinstance(error, UnfitError):
        return str(error)
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    said = [f"{'.'.join(map(str, fault['loc'])) or 'the answer'}: {fault['msg']}" for fault in faults[:_FAULTS]]
    return f"This can't be used: {'; '.join(said)}. Answer again."


def _end(response: ModelResponse, faults: Sequence[str]) -> AgentRunError:
    """Why there is no use in asking again."""
    kind = _ENDS.get(response.finish_reason or "", UnexpectedModelBehavior)
    return kind("; ".join(faults) or "It reads the page on and on.")


_ENDS: Final[Mapping[str, type[AgentRunError]]] = {
    "content_filter": ContentFilterError,
    "length": OutputTokenLimitExceeded,
}


def _tools(instructions: list[InstructionPart]) -> ModelRequestParameters:
    tools = [_tool(name, form) for name, form in FORMS.items()]
    return ModelRequestParameters(
        function_tools=[tool for tool in tools if tool.kind == "function"],
        output_tools=[tool for tool in tools if tool.kind == "output"],
        output_mode="tool",
        allow_text_output=False,
        instruction_parts=instructions,
    )


def _tool(name: str, form: type[DecisionForm | ReadForm]) -> ToolDefinition:
    schema = form.model_json_schema()
    description = schema.pop("description")
    kind: Literal["function", "output"] = "function" if form is ReadForm else "output"
    return ToolDefinition(name=name, parameters_json_schema=schema, description=description, kind=kind)


def _text(mode: Literal["native", "prompted"], instructions: list[InstructionPart]) -> ModelRequestParameters:
    schema = OneForm.model_json_schema()
    wanted = OutputObjectDefinition(schema, name="decision", description=schema.pop("description"))
    return ModelRequestParameters(output_mode=mode, output_object=wanted, instruction_parts=instructions)


#: What a request is made of, by the setting ``output`` of a model.
_PARAMETERS: Final[Mapping[str, Callable[[list[InstructionPart]], ModelRequestParameters]]] = {
    "tool": _tools,
    "schema": partial(_text, "native"),
    "prompt": partial(_text, "prompted"),
}
