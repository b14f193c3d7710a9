using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.Anthropic;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>Anthropic Messages and everything compatible with it.</summary>
internal sealed class AnthropicDialect : IChatDialect
{
    public Protocol Protocol => Protocol.AnthropicMessages;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public string PathFor(Deployment deployment, bool stream) => "messages";

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput) =>
        AnthropicRequestEncoder.Encode(request, new AnthropicRequestTarget
        {
            Model = deployment.UpstreamModel,
            Stream = request.Stream,
            Origin = OriginOf(deployment),
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
            MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
            Rules = RulesFor(deployment, profile),
        });

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new AnthropicStreamDecoder(OptionsFor(request, deployment, profile));

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        AnthropicResponseDecoder.Decode(body, OptionsFor(request, deployment, profile));

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        AnthropicErrorDecoder.Decode(status, body, hints, profile.ErrorRules);

    private static AnthropicDecodingOptions OptionsFor(ChatRequest request, Deployment deployment, VendorProfile profile)
    {
        var rules = RulesFor(deployment, profile);
        return new AnthropicDecodingOptions
        {
            Origin = OriginOf(deployment),
            ToolNames = AnthropicToolNames.Of(request),
            SchemaTool = AnthropicSchemaTool.AppliesTo(request, rules),
            InclusiveInput = rules.InclusiveInput,
            Errors = profile.ErrorRules,
        };
    }

    private static AnthropicModelRules RulesFor(Deployment deployment, VendorProfile profile) =>
        AnthropicModelRules.For(deployment.UpstreamModel, profile.Messages);

    private static string OriginOf(Deployment deployment) => $"{deployment.Provider}/{deployment.Model}";
}
