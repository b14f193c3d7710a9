using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Ollama;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>Ollama's own chat protocol.</summary>
internal sealed class OllamaDialect : IChatDialect
{
    public Protocol Protocol => Protocol.Ollama;

    public StreamFraming Framing => StreamFraming.JsonLines;

    public string PathFor(Deployment deployment, bool stream) => "api/chat";

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput) =>
        OllamaRequestEncoder.Encode(request, new OllamaRequestTarget
        {
            Model = deployment.UpstreamModel,
            Stream = request.Stream,
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
            MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
            ContextWindow = deployment.ContextWindow > 0 ? deployment.ContextWindow : null,
            ThinkLevelPrefixes = profile.OllamaThinkLevels,
            UnsupportedMembers = profile.Chat.UnsupportedMembers,
        });

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new OllamaStreamDecoder(profile.ErrorCodes);

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        OllamaResponseDecoder.Decode(body, profile.ErrorCodes);

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        OllamaErrorDecoder.Decode(status, body, hints, profile.ErrorCodes);
}
