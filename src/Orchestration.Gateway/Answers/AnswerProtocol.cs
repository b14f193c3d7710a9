using System.Buffers;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Execution;
using Orchestration.Protocols;
using Orchestration.Protocols.Answers;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Answers;

/// <summary>Questions to one collection: <c>POST /v1/collections/{name}/answer</c>.</summary>
internal sealed class AnswerProtocol(string collection) : ChatProtocol
{
    public override ChatRequestDecoding Decode(ReadOnlyMemory<byte> body) => AnswerRequestDecoder.Decode(body, collection);

    public override IChatStreamEncoder BeginStream(AdmittedRequest request, ChatRequestDecoding.Decoded decoded) =>
        new AnswerStreamEncoder(request.Identity.Text, request.Grounding?.Sources ?? []);

    public override void WriteAnswer(
        IBufferWriter<byte> output,
        ChatCompletion completion,
        ChatRequestDecoding.Decoded decoded,
        OrchestrationFacts facts,
        string model) => AnswerEncoder.Write(output, completion, facts, model);
}
