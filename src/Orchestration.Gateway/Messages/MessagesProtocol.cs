using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Messages;

/// <summary>Anthropic's Messages.</summary>
internal sealed class MessagesProtocol : ChatProtocol
{
    public static readonly MessagesProtocol Instance = new();

    public override ChatRequestDecoding Decode(ReadOnlyMemory<byte> body) => AnthropicRequestDecoder.Decode(body);

    public override IChatStreamEncoder BeginStream(AdmittedRequest request, ChatRequestDecoding.Decoded decoded) =>
        new AnthropicStreamEncoder(request.Identity.Text, "", request.EstimatedInputTokens);

    public override void WriteAnswer(
        IBufferWriter<byte> output,
        ChatCompletion completion,
        ChatRequestDecoding.Decoded decoded,
        OrchestrationFacts facts,
        string model) => AnthropicResponseEncoder.Write(output, completion, facts, model);
}
