using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Chat;

/// <summary>Requests of Microsoft.Extensions.AI in the canonical model.</summary>
internal static class ChatRequests
{
    private static readonly ChatRole Developer = new("developer");

    /// <summary>
    /// What the options have no member for (routing hints, metadata, number of answers) is set on the
    /// <see cref="ChatRequest"/> that <see cref="ChatOptions.RawRepresentationFactory"/> makes.
    /// </summary>
    public static ChatRequest From(IEnumerable<ChatMessage> messages, ChatOptions? options, string defaultModel, IChatClient client)
    {
        var request = options?.RawRepresentationFactory?.Invoke(client) as ChatRequest ?? new ChatRequest();
        if (options?.ModelId is { } model)
            request.Model = model;
        else if (request.Model.Length == 0)
            request.Model = defaultModel;
        if (options?.Instructions is { Length: > 0 } instructions)
            request.Messages.Add(new Message { Role = Role.System, Parts = { ChatParts.FromText(instructions) } });

        foreach (var message in messages)
            request.Messages.Add(FromMessage(message));

        if (options is not null)
            Apply(options, request);

        return request;
    }

    private static Message FromMessage(ChatMessage message) => new()
    {
        Role = FromRole(message.Role),
        Name = message.AuthorName ?? "",
        Parts = { message.Contents.Select(ChatParts.From).OfType<Part>() },
    };

    private static Role FromRole(ChatRole role) =>
        role == ChatRole.System ? Role.System
        : role == Developer ? Role.Developer
        : role == ChatRole.Assistant ? Role.Assistant
        : role == ChatRole.Tool ? Role.Tool
        : Role.User;

    private static void Apply(ChatOptions options, ChatRequest request)
    {
        request.Tools.AddRange((options.Tools ?? []).Select(FromTool));
        request.ToolChoice = FromToolMode(options.ToolMode) ?? request.ToolChoice;
        request.ResponseFormat = FromResponseFormat(options.ResponseFormat) ?? request.ResponseFormat;
        request.Stop.AddRange(options.StopSequences ?? []);
        if (options.MaxOutputTokens is { } max)
            request.MaxOutputTokens = max;
        if (options.AllowMultipleToolCalls is { } parallel)
            request.ParallelToolCalls = parallel;
        if (HasSampling(options))
            ApplySampling(options, request.Sampling ??= new Sampling());
        if (FromReasoning(options.Reasoning) is { } reasoning)
            (request.Reasoning ??= new Reasoning()).MergeFrom(reasoning);
    }

    private static Tool FromTool(AITool tool) => tool switch
    {
        AIFunctionDeclaration function => new Tool { Name = function.Name, Description = function.Description, Parameters = function.JsonSchema.GetRawText() },
        // Providers' own tools are bound to a provider, and a request may go to any.
        _ => throw new NotSupportedException($"The tool '{tool.Name}' ({tool.GetType().Name}) is no function; the gateway takes functions only."),
    };

    private static ToolChoice? FromToolMode(ChatToolMode? mode) => mode switch
    {
        null => null,
        NoneChatToolMode => new ToolChoice { Mode = ToolChoiceMode.None },
        RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice { Mode = ToolChoiceMode.Named, Name = name },
        RequiredChatToolMode => new ToolChoice { Mode = ToolChoiceMode.Required },
        _ => new ToolChoice { Mode = ToolChoiceMode.Auto },
    };

    private static ResponseFormat? FromResponseFormat(ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json => new ResponseFormat
        {
            Kind = ResponseFormatKind.JsonSchema,
            Schema = schema.GetRawText(),
            SchemaName = json.SchemaName ?? "answer",
            SchemaDescription = json.SchemaDescription ?? "",
        },
        ChatResponseFormatJson => new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
        ChatResponseFormatText => new ResponseFormat { Kind = ResponseFormatKind.Text },
        _ => null,
    };

    private static bool HasSampling(ChatOptions options) =>
        options is not { Temperature: null, TopP: null, TopK: null, FrequencyPenalty: null, PresencePenalty: null, Seed: null };

    private static void ApplySampling(ChatOptions options, Sampling sampling)
    {
        if (options.Temperature is { } temperature)
            sampling.Temperature = AsWritten(temperature);
        if (options.TopP is { } topP)
            sampling.TopP = AsWritten(topP);
        if (options.TopK is { } topK)
            sampling.TopK = topK;
        if (options.FrequencyPenalty is { } frequency)
            sampling.FrequencyPenalty = AsWritten(frequency);
        if (options.PresencePenalty is { } presence)
            sampling.PresencePenalty = AsWritten(presence);
        if (options.Seed is { } seed)
            sampling.Seed = seed;
    }

    // 0.7f widened bit by bit is 0.699999988079071, which some vendors refuse and which no caller has written.
    private static double AsWritten(float value) => (double)(decimal)value;

    private static Reasoning? FromReasoning(ReasoningOptions? options) => options is not { } ? null : new Reasoning
    {
        Effort = options.Effort switch
        {
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => "",
        },
        Summary = options.Output switch
        {
            ReasoningOutput.Summary => "auto",
            ReasoningOutput.Full => "detailed",
            _ => "",
        },
    };
}
