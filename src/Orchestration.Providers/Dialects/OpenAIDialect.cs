using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>OpenAI chat completions and everything compatible with it.</summary>
internal sealed class OpenAIDialect : IChatDialect
{
    public Protocol Protocol => Protocol.OpenaiChat;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public string PathFor(Deployment deployment, bool stream) => "chat/completions";

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput) =>
        OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget
        {
            Model = deployment.UpstreamModel,
            Stream = request.Stream,
            MaxTokensField = profile.Chat.MaxTokensField,
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
            MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
            IncludeUsage = profile.Chat.IncludeUsage,
            DeveloperRole = profile.Chat.DeveloperRole,
            ReasoningField = profile.Chat.ReasoningField,
            ThinkingField = profile.Chat.ThinkingField,
            EndUserField = profile.Chat.EndUserField,
            UnsupportedMembers = profile.Chat.UnsupportedMembers,
        });

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new OpenAIChatStreamDecoder(OptionsFor(request, profile));

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        OpenAIChatResponseDecoder.Decode(body, OptionsFor(request, profile));

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        OpenAIErrorDecoder.Decode(status, body, hints, profile.ErrorCodes);

    private static OpenAIStreamOptions OptionsFor(ChatRequest request, VendorProfile profile) => new()
    {
        ExpectedChoices = request.HasChoiceCount ? Math.Max(1, request.ChoiceCount) : 1,
        DoneEndsOpenChoices = profile.Chat.DoneEndsOpenChoices,
    };
}
