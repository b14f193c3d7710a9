using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;

namespace Orchestration.Providers.Dialects;

/// <summary>Where an encoded chat goes and how its answer comes: the encoder has the last word on both.</summary>
/// <param name="Path">What is appended to the base address.</param>
/// <param name="Streams">Whether the answer is a stream.</param>
internal readonly record struct ChatCall(string Path, bool Streams)
{
    public static ChatCall Of(IChatDialect dialect, EncodedRequest encoded, ChatRequest request, Deployment deployment)
    {
        var streams = encoded.Streams ?? request.Stream;
        return new ChatCall(encoded.Path ?? dialect.PathFor(deployment, streams), streams);
    }
}
