using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatCompletionsProtocol : ChatProtocol
{
    public static readonly ChatCompletionsProtocol Instance = new();

    public override ChatRequestDecoding Decode(ReadOnlyMemory<byte> body) => OpenAIChatRequestDecoder.Decode(body);

    public override IChatStreamEncoder BeginStream(AdmittedRequest request, ChatRequestDecoding.Decoded decoded) =>
        new OpenAIChatChunkEncoder(request.Identity.Text, "", request.Identity.StartedAt, decoded.IncludeUsage);

    public override void WriteAnswer(
        IBufferWriter<byte> output,
        ChatCompletion completion,
        ChatRequestDecoding.Decoded decoded,
        OrchestrationFacts facts,
        string model) => OpenAIChatCompletionEncoder.Write(output, completion, facts, model);
}
