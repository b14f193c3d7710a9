// OpenAI's package through the gateway: a streamed answer with its cost, then a tool call.
import OpenAI, { APIConnectionError, APIError } from "openai";

const url = process.env.ORCHESTRATION_URL ?? "http://localhost:8080";
const model = process.env.ORCHESTRATION_MODEL ?? "auto";
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: process.env.ORCHESTRATION_KEY });

const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "Tells the weather of a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

async function stream() {
  const chunks = await client.chat.completions.create({
    model,
    messages: [{ role: "user", content: "Which planet is the largest?" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of chunks) {
    for (const choice of chunk.choices) process.stdout.write(choice.delta.content ?? "");
    if (chunk.usage) {
      const { cost, provider, model: answered } = chunk.orchestration;
      console.log(
        `\nusage: ${chunk.usage.prompt_tokens} in, ${chunk.usage.completion_tokens} out, ${cost.amount} ${cost.currency} at ${provider}/${answered}`,
      );
    }
  }
}

async function callATool() {
  const messages = [{ role: "user", content: "What is the weather in Oslo?" }];
  const first = await client.chat.completions.create({ model, messages, tools: [weather] });
  const asked = first.choices[0].message;
  messages.push(asked);
  for (const call of asked.tool_calls ?? []) {
    const { city } = JSON.parse(call.function.arguments);
    console.log(`tool: ${call.function.name}(${city})`);
    messages.push({ role: "tool", tool_call_id: call.id, content: `7 degrees in ${city}` });
  }
  const second = await client.chat.completions.create({ model, messages, tools: [weather] });
  console.log(second.choices[0].message.content);
}

try {
  await stream();
  await callATool();
} catch (error) {
  if (error instanceof APIConnectionError) console.error(`not reached: ${error.message}`);
  else if (error instanceof APIError) console.error(`refused: ${error.status} ${error.code}: ${error.message}`);
  else throw error;
  process.exitCode = 1;
}
