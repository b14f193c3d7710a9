using Google.Protobuf;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Chat;

/// <summary>Requests of Microsoft.Extensions.AI in the canonical model.</summary>
internal static class ChatRequests
{
    public static ChatRequest From(IEnumerable<ChatMessage> messages, ChatOptions? options, string defaultModel)
    {
        var request = new ChatRequest { Model = options?.ModelId ?? defaultModel };
        if (options?.Instructions is { Length: > 0 } instructions)
            request.Messages.Add(new Message { Role = Role.System, Parts = { TextPart(instructions) } });

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
        Parts = { message.Contents.Select(FromContent).OfType<Part>() },
    };

    private static Role FromRole(ChatRole role) =>
        role == ChatRole.System ? Role.System
        : role == ChatRole.Assistant ? Role.Assistant
        : role == ChatRole.Tool ? Role.Tool
        : Role.User;

    private static Part? FromContent(AIContent content) => content switch
    {
        TextContent text => TextPart(text.Text),
        TextReasoningContent reasoning => new Part { Reasoning = new ReasoningPart { Text = reasoning.Text, Signature = reasoning.ProtectedData ?? "" } },
        DataContent data when data.HasTopLevelMediaType("image") =>
            new Part { Image = new Image { Data = ByteString.CopyFrom(data.Data.Span), MediaType = data.MediaType } },
        DataContent data => new Part { File = new Contracts.Chat.V1.File { Data = ByteString.CopyFrom(data.Data.Span), MediaType = data.MediaType, FileName = data.Name ?? "" } },
        UriContent uri when uri.HasTopLevelMediaType("image") => new Part { Image = new Image { Url = uri.Uri.AbsoluteUri, MediaType = uri.MediaType } },
        UriContent uri => new Part { File = new Contracts.Chat.V1.File { Url = uri.Uri.AbsoluteUri, MediaType = uri.MediaType } },
        FunctionCallContent call => new Part { ToolCall = new ToolCall { Id = call.CallId, Name = call.Name, Arguments = ToolArguments.Write(call.Arguments) } },
        FunctionResultContent result => new Part
        {
            ToolResult = new ToolResult { ToolCallId = result.CallId, Parts = { TextPart(ToolArguments.WriteResult(result.Result)) }, IsError = result.Exception is not null },
        },
        _ => null,
    };

    private static Part TextPart(string text) => new() { Text = new Text { Text_ = text } };

    private static void Apply(ChatOptions options, ChatRequest request)
    {
        request.Tools.AddRange((options.Tools ?? []).OfType<AIFunctionDeclaration>().Select(tool => new Tool
        {
            Name = tool.Name,
            Description = tool.Description,
            Parameters = tool.JsonSchema.GetRawText(),
        }));
        request.ToolChoice = FromToolMode(options.ToolMode);
        request.ResponseFormat = FromResponseFormat(options.ResponseFormat);
        request.Sampling = FromSampling(options);
        request.Stop.AddRange(options.StopSequences ?? []);
        if (options.MaxOutputTokens is { } max)
            request.MaxOutputTokens = max;
        if (options.AllowMultipleToolCalls is { } parallel)
            request.ParallelToolCalls = parallel;
    }

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

    private static Sampling? FromSampling(ChatOptions options)
    {
        var sampling = new Sampling();
        if (options.Temperature is { } temperature)
            sampling.Temperature = temperature;
        if (options.TopP is { } topP)
            sampling.TopP = topP;
        if (options.TopK is { } topK)
            sampling.TopK = topK;
        if (options.FrequencyPenalty is { } frequency)
            sampling.FrequencyPenalty = frequency;
        if (options.PresencePenalty is { } presence)
            sampling.PresencePenalty = presence;
        if (options.Seed is { } seed)
            sampling.Seed = seed;

        return sampling.Equals(new Sampling()) ? null : sampling;
    }
}
