"""A streamed answer with nothing but Python's standard library."""

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Iterator


class BrokenAnswer(Exception):
    """The stream ended without its end."""


def events(url: str, key: str, body: dict) -> Iterator[dict]:
    request = urllib.request.Request(
        f"{url}/v1/chat/completions",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=120) as response:
        for line in response:
            if not line.startswith(b"data:"):
                continue  # empty lines between events, and comments as signs of life
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            event = json.loads(data)
            if "error" in event:
                raise BrokenAnswer(event["error"]["message"])
            yield event
    raise BrokenAnswer("The connection closed early.")


def main() -> int:
    body = {
        "model": os.environ.get("ORCHESTRATION_MODEL", "auto"),
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [{"role": "user", "content": "Which planet is the largest?"}],
    }
    try:
        for event in events(os.environ.get("ORCHESTRATION_URL", "http://localhost:8080"), os.environ["ORCHESTRATION_KEY"], body):
            for choice in event["choices"]:
                print(choice["delta"].get("content") or "", end="", flush=True)
            if event.get("usage"):
                usage, cost = event["usage"], event["orchestration"]["cost"]
                print(f"\nusage: {usage['prompt_tokens']} in, {usage['completion_tokens']} out, {cost['amount']} {cost['currency']}")
        return 0
    except urllib.error.HTTPError as refused:
        error = json.load(refused)["error"]
        print(f"refused: {refused.code} {error['code']}: {error['message']}", file=sys.stderr)
    except (urllib.error.URLError, BrokenAnswer) as broken:
        print(f"failed: {broken}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
