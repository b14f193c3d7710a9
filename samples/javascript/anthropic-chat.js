// Anthropic's package through the gateway: a streamed answer of any model, with its usage.
import Anthropic, { APIConnectionError, APIError } from "@anthropic-ai/sdk";

const client = new Anthropic({
  baseURL: process.env.ORCHESTRATION_URL ?? "http://localhost:8080",
  apiKey: process.env.ORCHESTRATION_KEY,
});

try {
  const stream = client.messages
    .stream({
      model: process.env.ORCHESTRATION_MODEL ?? "auto",
      max_tokens: 1024,
      messages: [{ role: "user", content: "Which planet is the largest?" }],
    })
    .on("text", (text) => process.stdout.write(text));
  const answer = await stream.finalMessage();
  console.log(`\nusage: ${answer.usage.input_tokens} in, ${answer.usage.output_tokens} out, by ${answer.model}`);
} catch (error) {
  if (error instanceof APIConnectionError) console.error(`not reached: ${error.message}`);
  else if (error instanceof APIError) console.error(`refused: ${error.status} ${error.type}: ${error.message}`);
  else throw error;
  process.exitCode = 1;
}
