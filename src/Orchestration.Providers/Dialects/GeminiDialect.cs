using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Gemini;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>Gemini's own generateContent.</summary>
internal sealed class GeminiDialect : IChatDialect
{
    public Protocol Protocol => Protocol.Gemini;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    // A name with a slash, such as a tuned model's, names its collection itself.
    public string PathFor(Deployment deployment, bool stream)
    {
        var model = string.Join('/', deployment.UpstreamModel.Split('/').Select(Uri.EscapeDataString));
        var resource = model.Contains('/', StringComparison.Ordinal) ? model : $"models/{model}";
        return stream ? $"{resource}:streamGenerateContent?alt=sse" : $"{resource}:generateContent";
    }

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput) =>
        GeminiRequestEncoder.Encode(request, new GeminiRequestTarget
        {
            Origin = OriginOf(deployment),
            Rule = GeminiModelRule.Find(profile.GeminiModels, deployment.UpstreamModel),
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
            MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
            UnsupportedMembers = profile.Chat.UnsupportedMembers,
        });

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new GeminiStreamDecoder(GeminiRequestEncoder.CandidatesOf(request), profile.ErrorRules, OriginOf(deployment));

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        GeminiResponseDecoder.Decode(body, profile.ErrorRules, OriginOf(deployment));

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        GeminiErrorDecoder.Decode(status, body, hints, profile.ErrorRules);

    private static string OriginOf(Deployment deployment) => $"{deployment.Provider}/{deployment.Model}";
}
