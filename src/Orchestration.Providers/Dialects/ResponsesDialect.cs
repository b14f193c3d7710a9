using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Protocols;
using Orchestration.Protocols.OpenAI;
using Orchestration.Protocols.Responses;
using Orchestration.Providers.Profiles;

namespace Orchestration.Providers.Dialects;

/// <summary>OpenAI Responses and everything compatible with it.</summary>
internal sealed class ResponsesDialect : IChatDialect
{
    public Protocol Protocol => Protocol.OpenaiResponses;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public string PathFor(Deployment deployment, bool stream) => "responses";

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput)
    {
        var chat = profile.Chat.For(deployment.UpstreamModel);
        return ResponsesRequestEncoder.Encode(request, new ResponsesRequestTarget
        {
            Model = deployment.UpstreamModel,
            Stream = request.Stream,
            Origin = OriginOf(deployment),
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
            MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
            DeveloperRole = chat.DeveloperRole,
            Thinking = chat.Thinking,
            EndUserField = chat.EndUserField,
            UnsupportedMembers = chat.UnsupportedMembers,
            Rules = chat.Rules,
        });
    }

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new ResponsesStreamDecoder(OptionsFor(deployment, profile));

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        ResponsesResponseDecoder.Decode(body, OptionsFor(deployment, profile));

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        OpenAIErrorDecoder.Decode(status, body, hints, profile.ErrorRules);

    private static ResponsesDecodingOptions OptionsFor(Deployment deployment, VendorProfile profile) =>
        new() { Origin = OriginOf(deployment), Errors = profile.ErrorRules };

    private static string OriginOf(Deployment deployment) => $"{deployment.Provider}/{deployment.Model}";
}
