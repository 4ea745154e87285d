"""Counts tokens as OpenAI's models do; run in an environment that has ``tiktoken``, imports nothing of ours.

Standard input is a JSON list of texts, standard output the list of their lengths.
"""

import json
import sys

import tiktoken

if __name__ == "__main__":
    encoding = tiktoken.get_encoding("o200k_base")
    print(json.dumps([len(encoding.encode(text, disallowed_special=())) for text in json.load(sys.stdin)]))
