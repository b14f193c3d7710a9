using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>One wire protocol of chat providers. What single vendors do differently is data in their profile.</summary>
internal interface IChatDialect
{
    /// <summary>The protocol that deployments name.</summary>
    public Protocol Protocol { get; }

    /// <summary>How the events of a streamed answer are told apart.</summary>
    public StreamFraming Framing { get; }

    /// <summary>What is appended to a deployment's base address.</summary>
    public string PathFor(Deployment deployment, bool stream);

    /// <summary>The body for a deployment, and what had to be dropped or changed.</summary>
    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput);

    /// <summary>A decoder for one streamed answer.</summary>
    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile);

    /// <summary>Decodes a plain answer with a 2xx status.</summary>
    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile);

    /// <summary>Classifies an error answer. The result may be shown to a client.</summary>
    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile);
}

/// <summary>How the events of a streamed answer are told apart.</summary>
internal enum StreamFraming
{
    ServerSentEvents,
    JsonLines,
}
