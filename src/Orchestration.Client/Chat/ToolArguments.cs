using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Chat;

/// <summary>Arguments and results of tool calls as JSON text.</summary>
internal static class ToolArguments
{
    /// <summary>Property of a call that holds the signature which some providers want back with it.</summary>
    public const string SignatureProperty = "orchestration.signature";

    private static readonly JsonSerializerOptions Json = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static string Write(IDictionary<string, object?>? arguments) =>
        JsonSerializer.Serialize(arguments ?? new Dictionary<string, object?>(), Json);

    /// <summary>Text stays text, also where a function has already made JSON of it.</summary>
    public static string WriteResult(object? result) => result switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        _ => JsonSerializer.Serialize(result, Json),
    };

    /// <summary>A call of the model; one whose arguments are no JSON object carries an exception instead of them.</summary>
    public static FunctionCallContent Read(ToolCall call)
    {
        var content = FunctionCallContent.CreateFromParsedArguments(call.Arguments, call.Id, call.Name, Parse);
        content.RawRepresentation = call;
        if (call.Signature.Length > 0)
            content.AdditionalProperties = new AdditionalPropertiesDictionary { [SignatureProperty] = call.Signature };
        return content;
    }

    /// <summary>The call as it goes back: in the model's own letters unless somebody has changed the arguments.</summary>
    public static ToolCall Write(FunctionCallContent content)
    {
        var arguments = Write(content.Arguments);
        var call = new ToolCall { Id = content.CallId, Name = content.Name, Arguments = arguments };
        if (content.RawRepresentation is ToolCall raw && (content.Arguments is null || Write(Read(raw).Arguments) == arguments))
            call = new ToolCall(raw) { Id = content.CallId, Name = content.Name };
        if (content.AdditionalProperties?.TryGetValue(SignatureProperty, out var signature) == true)
            call.Signature = signature?.ToString() ?? "";
        return call;
    }

    private static IDictionary<string, object?>? Parse(string arguments) => arguments.Length == 0
        ? new Dictionary<string, object?>()
        : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments, Json)
            ?? throw new JsonException("The arguments are null.");
}
