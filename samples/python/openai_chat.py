"""OpenAI's package through the gateway: a streamed answer with its cost, then a tool call."""

import json
import os
import sys

from openai import APIConnectionError, APIError, APIStatusError, OpenAI

MODEL = os.environ.get("ORCHESTRATION_MODEL", "auto")
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Tells the weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def stream(client: OpenAI) -> None:
    chunks = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Which planet is the largest?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    for chunk in chunks:
        for choice in chunk.choices:
            print(choice.delta.content or "", end="", flush=True)
        if chunk.usage:
            facts = (chunk.model_extra or {})["orchestration"]
            cost = facts["cost"]
            print(
                f"\nusage: {chunk.usage.prompt_tokens} in, {chunk.usage.completion_tokens} out,"
                f" {cost['amount']} {cost['currency']} at {facts['provider']}/{facts['model']}"
            )


def call_a_tool(client: OpenAI) -> None:
    messages: list = [{"role": "user", "content": "What is the weather in Oslo?"}]
    asked = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER]).choices[0].message
    messages.append(asked)
    for call in asked.tool_calls or []:
        city = json.loads(call.function.arguments)["city"]
        print(f"tool: {call.function.name}({city})")
        messages.append({"role": "tool", "tool_call_id": call.id, "content": f"7 degrees in {city}"})
    answer = client.chat.completions.create(model=MODEL, messages=messages, tools=[WEATHER])
    print(answer.choices[0].message.content)


def main() -> int:
    client = OpenAI(
        base_url=os.environ.get("ORCHESTRATION_URL", "http://localhost:8080") + "/v1",
        api_key=os.environ["ORCHESTRATION_KEY"],
    )
    try:
        stream(client)
        call_a_tool(client)
        return 0
    except APIStatusError as error:
        print(f"refused: {error.status_code} {error.code}: {error.message}", file=sys.stderr)
    except APIConnectionError as error:
        print(f"not reached: {error}", file=sys.stderr)
    except APIError as error:
        print(f"the answer broke off: {error.message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
