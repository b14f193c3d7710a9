"""Anthropic's package through the gateway: a streamed answer of any model, with its usage."""

import os
import sys

from anthropic import Anthropic, APIConnectionError, APIError, APIStatusError


def main() -> int:
    client = Anthropic(
        base_url=os.environ.get("ORCHESTRATION_URL", "http://localhost:8080"),
        api_key=os.environ["ORCHESTRATION_KEY"],
    )
    try:
        with client.messages.stream(
            model=os.environ.get("ORCHESTRATION_MODEL", "auto"),
            max_tokens=1024,
            messages=[{"role": "user", "content": "Which planet is the largest?"}],
        ) as stream:
            for text in stream.text_stream:
                print(text, end="", flush=True)
            answer = stream.get_final_message()
        print(f"\nusage: {answer.usage.input_tokens} in, {answer.usage.output_tokens} out, by {answer.model}")
        return 0
    except APIStatusError as error:
        print(f"refused: {error.status_code}: {error.message}", file=sys.stderr)
    except APIConnectionError as error:
        print(f"not reached: {error}", file=sys.stderr)
    except APIError as error:
        print(f"the answer broke off: {error.message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
