using Google.Protobuf;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;
using ChatFile = Orchestration.Contracts.Chat.V1.File;

namespace Orchestration.Client.Chat;

/// <summary>Contents of Microsoft.Extensions.AI and parts of the canonical model, in both directions.</summary>
internal static class ChatParts
{
    private const string RefusalCode = "refusal";

    public static Part FromText(string text) => new() { Text = new Text { Text_ = text } };

    /// <summary>Null for contents that no provider takes, such as usage that was reported earlier.</summary>
    public static Part? From(AIContent content) => content switch
    {
        TextContent text => FromText(text.Text),
        TextReasoningContent reasoning => new Part { Reasoning = new ReasoningPart { Text = reasoning.Text, Signature = reasoning.ProtectedData ?? "" } },
        ErrorContent { ErrorCode: RefusalCode } refusal => new Part { Refusal = new Refusal { Text = refusal.Message } },
        DataContent data => FromData(data),
        UriContent uri => FromUri(uri),
        HostedFileContent file => new Part { File = new ChatFile { FileId = file.FileId, MediaType = file.MediaType ?? "", FileName = file.Name ?? "" } },
        FunctionCallContent call => new Part { ToolCall = ToolArguments.Write(call) },
        FunctionResultContent result => new Part
        {
            ToolResult = new ToolResult { ToolCallId = result.CallId, Parts = { FromResult(result.Result) }, IsError = result.Exception is not null },
        },
        _ => null,
    };

    /// <summary>Null for parts that a model does not answer with.</summary>
    public static AIContent? To(Part part) => part.ContentCase switch
    {
        Part.ContentOneofCase.Text => new TextContent(part.Text.Text_),
        Part.ContentOneofCase.Refusal => ToRefusal(part.Refusal.Text),
        Part.ContentOneofCase.Reasoning => ToReasoning(part.Reasoning.Text, part.Reasoning.Signature),
        Part.ContentOneofCase.ToolCall => ToolArguments.Read(part.ToolCall),
        _ => null,
    };

    public static ErrorContent ToRefusal(string text) => new(text) { ErrorCode = RefusalCode };

    public static TextReasoningContent ToReasoning(string text, string signature) =>
        new(text) { ProtectedData = signature.Length == 0 ? null : signature };

    private static Part FromData(DataContent data)
    {
        if (data.HasTopLevelMediaType("image"))
            return new Part { Image = new Image { Data = ByteString.CopyFrom(data.Data.Span), MediaType = data.MediaType } };
        if (SoundFormat(data.MediaType) is { } format)
            return new Part { Audio = new Audio { Base64 = data.Base64Data.ToString(), Format = format } };
        return new Part { File = new ChatFile { Data = ByteString.CopyFrom(data.Data.Span), MediaType = data.MediaType, FileName = data.Name ?? "" } };
    }

    private static Part FromUri(UriContent uri) => uri.HasTopLevelMediaType("image")
        ? new Part { Image = new Image { Url = uri.Uri.AbsoluteUri, MediaType = uri.MediaType } }
        : new Part { File = new ChatFile { Url = uri.Uri.AbsoluteUri, MediaType = uri.MediaType } };

    private static string? SoundFormat(string mediaType) => mediaType switch
    {
        "audio/wav" or "audio/wave" or "audio/x-wav" => "wav",
        "audio/mpeg" or "audio/mp3" => "mp3",
        _ => null,
    };

    private static IEnumerable<Part> FromResult(object? result) => result switch
    {
        AIContent content => FromContents([content]),
        IEnumerable<AIContent> contents => FromContents(contents),
        _ => [FromText(ToolArguments.WriteResult(result))],
    };

    private static IEnumerable<Part> FromContents(IEnumerable<AIContent> contents) => contents.Select(From).OfType<Part>();
}
