"""The rows of language models (see ``catalogue``). ``model`` is the name in the configuration."""

from typing import Final

from outrider.problems.row import Problem

__all__ = ["MODELS"]

# fmt: off
MODELS: Final = (
    Problem(
        "MODEL_UNREACHABLE", 502,
        "The model “{model}” can't be reached: {reason}",
        "Its server did not answer, or could not answer at the moment; it was tried again as often as “retries” says.",
        "Try again; check “base_url” of the model and whether its server runs, or name “fallbacks”.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "MODEL_TIMEOUT", 504,
        "The model “{model}” did not answer within {seconds} s.",
        "Its server is slow or overloaded.",
        "Try again; raise “timeout_seconds” of the model, or name “fallbacks”.",
        retryable=True, retry_after_seconds=10,
    ),
    Problem(
        "MODEL_RATE_LIMITED", 429,
        "The provider of the model “{model}” takes no more requests for now: {reason}",
        "A rate limit of its account is reached.",
        "Wait, run fewer tasks at a time, have the limit raised by the provider, or name “fallbacks”.",
        retryable=True, retry_after_seconds=30,
    ),
    Problem(
        "MODEL_QUOTA_EXCEEDED", 402,
        "The account of the model “{model}” is used up: {reason}",
        "Its provider answers no more until the account has credit or quota again.",
        "See to the account at the provider, or take another model.",
    ),
    Problem(
        "MODEL_KEY_MISSING", 502,
        "There is no key for the model “{model}”.",
        "Its provider asks for one; neither “api_key” of the model nor the environment variable {variable} is set.",
        "Set {variable} or “api_key” of the model and restart the server; name a server of your own by “base_url”.",
    ),
    Problem(
        "MODEL_KEY_REJECTED", 502,
        "The provider of the model “{model}” does not accept the key: {reason}",
        "The key is wrong, revoked, or not allowed to use this model.",
        "Set “api_key” of the model, or the environment variable that it names, and restart the server.",
    ),
    Problem(
        "MODEL_NAME_UNKNOWN", 502,
        "The provider has no model for “{model}”: {reason}",
        "“model” or “base_url” of the model's settings is not right.",
        "Look the name up at the provider, correct the settings, and restart the server.",
    ),
    Problem(
        "MODEL_REQUEST_REJECTED", 502,
        "The provider of the model “{model}” refuses the request: {reason}",
        "It does not support something that the request uses, most often the form of its answers.",
        "Try “output” = \"schema\" or \"prompt\" in the model's settings, or another model.",
    ),
    Problem(
        "MODEL_PROMPT_TOO_LONG", 502,
        "What the model “{model}” has to read is too long for it: {reason}",
        "Its context is smaller than “prompt_tokens” and “answer_tokens” of its settings together.",
        "Lower “prompt_tokens” or “page_tokens” of the model, or take one with a larger context.",
    ),
    Problem(
        "MODEL_REFUSED", 422,
        "The model “{model}” refuses to work on this: {reason}",
        "The model or a filter of its provider took the task or the page for something that it must not help with.",
        "Word the task differently, or take another model.",
    ),
    Problem(
        "MODEL_ANSWER_INVALID", 502,
        "The model “{model}” gave no answer that fits, also when asked again: {reason}",
        "It called no tool, or one with wrong values, until “repairs” of its settings was used up.",
        "Try again, try another “output” in the model's settings, or take a more able model.",
        retryable=True,
    ),
    Problem(
        "MODEL_ANSWER_CUT_OFF", 502,
        "The answer of the model “{model}” was longer than {limit} tokens.",
        "It wrote until its limit and came to no end.",
        "Raise “answer_tokens” of the model; for long lists ask for less at a time.",
    ),
    Problem(
        "COST_LIMIT_REACHED", 402,
        "The task was ended at its limit of cost: {cost} of {limit} US dollars are used.",
        "A task's language models may cost what “max_cost” of the message or of the server says.",
        "Send the rest as a task of its own, or allow more with “max_cost”.",
    ),
    Problem(
        "COST_UNKNOWN", 422,
        "The cost of the model “{model}” is not known, so “max_cost” can't be kept.",
        "It is in no list of prices, and its settings name none.",
        "Set “input_price” and “output_price” of the model (0 for one that costs nothing), or leave “max_cost” out.",
    ),
    Problem(
        "MODEL_START_FAILED", 503,
        "The local model “{model}” did not start: {reason}",
        "Its server process ended, or was not ready in time.",
        "Check “path” of the model (a GGUF file that llama.cpp can read) and the memory that it needs.",
    ),
    Problem(
        "MODEL_KEEPS_ENDING", 503,
        "The local model “{model}” was started {times} times within {seconds} s and does not stay: {reason}",
        "Its server process is started anew for the next request when it has ended, but not without end. Signal 9 "
        "comes from the system when the machine has too little memory.",
        "Wait and try again; give the machine more memory, or take a smaller model or less “prompt_tokens”.",
        retryable=True, retry_after_seconds=60,
    ),
)
# fmt: on
