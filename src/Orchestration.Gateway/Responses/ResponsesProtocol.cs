using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;

namespace Orchestration.Gateway.Responses;

/// <summary>OpenAI's Responses, without what rests on answers that are kept.</summary>
internal sealed class ResponsesProtocol : ChatProtocol
{
    public static readonly ResponsesProtocol Instance = new();

    public override ChatRequestDecoding Decode(ReadOnlyMemory<byte> body) => ResponsesRequestDecoder.Decode(body);

    public override IChatStreamEncoder BeginStream(AdmittedRequest request, ChatRequestDecoding.Decoded decoded) =>
        new ResponsesStreamEncoder(request.Identity.Text, decoded.Echo);

    public override void WriteAnswer(
        IBufferWriter<byte> output,
        ChatCompletion completion,
        ChatRequestDecoding.Decoded decoded,
        OrchestrationFacts facts,
        string model) => ResponsesResponseEncoder.Write(output, completion, decoded.Echo, facts, model);
}
