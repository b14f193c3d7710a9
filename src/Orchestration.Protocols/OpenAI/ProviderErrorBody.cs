using System.Text.Json;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>An error as a provider wrote it, in any of the shapes that are in use.</summary>
internal sealed record ProviderErrorBody(string Code, string Type, string Message, string Param)
{
    public static readonly ProviderErrorBody Empty = new("", "", "", "");

    /// <summary>The number in parentheses that ends the message; empty when there is none.</summary>
    public string CodeAtEnd
    {
        get
        {
            var text = Message.AsSpan().TrimEnd();
            var start = text.LastIndexOf('(') + 1;
            if (start == 0 || text[^1] != ')')
                return "";
            var code = text[start..^1];
            return code.Length is > 0 and <= 12 && !code.ContainsAnyExceptInRange('0', '9') ? code.ToString() : "";
        }
    }

    /// <summary>The error in a body; null when there is none to be found.</summary>
    public static ProviderErrorBody? Parse(ReadOnlySpan<byte> body)
    {
        body = ProviderBody.Trim(body);
        if (body.IsEmpty || body[0] is not ((byte)'{' or (byte)'[' or (byte)'"'))
            return null;

        try
        {
            var reader = new Utf8JsonReader(JsonText.Repair(body), new JsonReaderOptions { MaxDepth = JsonDocuments.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            return Find(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ProviderErrorBody? Find(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return root.GetArrayLength() > 0 ? Find(root[0]) : null;
        if (root.ValueKind == JsonValueKind.String)
            return new("", "", root.GetString()!, "");
        if (root.ValueKind != JsonValueKind.Object)
            return null;
        if (root.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
            return FromError(root, error);
        if (root.TryGetProperty("base_resp", out var response) && response.ValueKind == JsonValueKind.Object)
            return IsError(Text(response, "status_code")) ? new(Text(response, "status_code"), "", Text(response, "status_msg"), "") : null;
        if (root.TryGetProperty("error_code", out _))
            return IsError(Text(root, "error_code")) ? new(Text(root, "error_code"), "", Text(root, "error_msg"), "") : null;
        if (root.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            return Find(errors) ?? Empty;
        if (root.TryGetProperty("Response", out var native))
            return FromResponse(native);
        return root.TryGetProperty("choices", out _) ? null : FromFlat(root);
    }

    private static ProviderErrorBody FromError(JsonElement root, JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
            return new(Text(root, "code"), Text(root, "type"), error.ValueKind == JsonValueKind.String ? error.GetString()! : Text(root, "message"), "");
        return new(Text(error, "code"), First(error, "type", "status"), First(error, "message", "msg"), Text(error, "param"));
    }

    private static ProviderErrorBody? FromFlat(JsonElement root)
    {
        var code = Text(root, "code");
        var message = First(root, "message", "msg", "detail", "error_msg");
        return IsError(code) || message.Length > 0 ? new(code, Text(root, "type"), message, Text(root, "param")) : null;
    }

    // Native answers of one cloud wrap everything: {"Response":{"Error":{"Code","Message"}}}.
    private static ProviderErrorBody? FromResponse(JsonElement response) =>
        response.ValueKind == JsonValueKind.Object && response.TryGetProperty("Error", out var error) && error.ValueKind == JsonValueKind.Object
            ? new(Text(error, "Code"), "", Text(error, "Message"), "")
            : null;

    private static bool IsError(string code) => code is not ("" or "0" or "200");

    private static string First(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Text(element, name) is { Length: > 0 } text)
                return text;
        }

        return "";
    }

    private static string Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
            return "";
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() ?? "",
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
    }
}
