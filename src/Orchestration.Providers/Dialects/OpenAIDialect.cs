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
    private const string UsualPath = "chat/completions";

    public Protocol Protocol => Protocol.OpenaiChat;

    public StreamFraming Framing => StreamFraming.ServerSentEvents;

    public string PathFor(Deployment deployment, bool stream) => UsualPath;

    public EncodedRequest Encode(ChatRequest request, Deployment deployment, VendorProfile profile, int defaultMaxOutput)
    {
        var chat = profile.Chat.For(deployment.UpstreamModel);
        var target = TargetOf(chat, deployment, request.Stream || chat.StreamNeed == StreamNeed.Always) with
        {
            DefaultMaxOutputTokens = defaultMaxOutput > 0 ? defaultMaxOutput : null,
        };
        var wanted = chat.PrefillPath.Length > 0 && Prefill.Ends(request.Messages) ? chat.PrefillPath : chat.Path;
        var path = wanted == UsualPath ? null : wanted.Replace("{model}", Uri.EscapeDataString(deployment.UpstreamModel), StringComparison.Ordinal);
        return OpenAIChatRequestEncoder.Encode(request, target) with { Path = path };
    }

    public IChatStreamDecoder BeginStream(ChatRequest request, Deployment deployment, VendorProfile profile) =>
        new OpenAIChatStreamDecoder(OptionsFor(request, deployment, profile));

    public ChatResponseDecoding DecodeWhole(ReadOnlySpan<byte> body, ChatRequest request, Deployment deployment, VendorProfile profile) =>
        OpenAIChatResponseDecoder.Decode(body, OptionsFor(request, deployment, profile));

    public Failure DecodeError(int status, ReadOnlySpan<byte> body, RetryHints hints, VendorProfile profile) =>
        OpenAIErrorDecoder.Decode(status, body, hints, profile.ErrorRules);

    private static OpenAIRequestTarget TargetOf(ChatProfile chat, Deployment deployment, bool stream) => new()
    {
        Model = deployment.UpstreamModel,
        Stream = stream,
        StreamWhenThinking = chat.StreamNeed == StreamNeed.Thinking,
        MaxTokensField = chat.MaxTokensField,
        MaxOutputTokens = deployment.MaxOutput > 0 ? deployment.MaxOutput : null,
        IncludeUsage = chat.IncludeUsage,
        DeveloperRole = chat.DeveloperRole,
        MessageNames = chat.MessageNames,
        FlatText = chat.FlatText,
        BareBase64Images = chat.BareBase64Images,
        AudioAsUrl = chat.AudioAsUrl,
        ToolCallIdLength = chat.ToolCallIdLength,
        ReasoningField = chat.ReasoningField,
        PrefillField = chat.PrefillField,
        MissingReasoning = chat.MissingReasoning,
        Thinking = chat.Thinking,
        ResponseFormat = chat.ResponseFormat,
        SchemaInPrompt = chat.SchemaInPrompt,
        EndUserField = chat.EndUserField,
        UnsupportedMembers = chat.UnsupportedMembers,
        Rules = chat.Rules,
    };

    private static OpenAIStreamOptions OptionsFor(ChatRequest request, Deployment deployment, VendorProfile profile)
    {
        var answer = profile.Chat.For(deployment.UpstreamModel).Answer;
        return new OpenAIStreamOptions
        {
            ExpectedChoices = request.HasChoiceCount ? Math.Max(1, request.ChoiceCount) : 1,
            DoneEndsOpenChoices = answer.DoneEndsOpenChoices,
            DoneIsOnlyEnd = answer.DoneIsOnlyEnd,
            InlineThinkingTag = answer.InlineThinkingTag,
            IgnoredMembers = answer.IgnoredMembers,
            SafetyFlag = answer.SafetyFlag,
            ReasoningOutsideCompletion = answer.ReasoningOutsideCompletion,
            Errors = profile.ErrorRules,
        };
    }
}
