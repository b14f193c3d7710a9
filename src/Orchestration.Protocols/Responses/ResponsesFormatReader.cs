using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Responses;

/// <summary>Reads <c>text.format</c>, whose members stand flat in this protocol.</summary>
internal static class ResponsesFormatReader
{
    public static ResponseFormat? Read(RequestContext context, JsonElement value)
    {
        if (!context.IsObject(value, "format"))
            return null;

        context.Enter("format");
        var type = value.TryGetProperty("type", out var kind) ? context.Text(kind, "type", 64) : "";
        var format = new ResponseFormat();
        switch (type)
        {
            case "text":
                format.Kind = ResponseFormatKind.Text;
                break;
            case "json_object":
                format.Kind = ResponseFormatKind.JsonObject;
                break;
            case "json_schema":
                format.Kind = ResponseFormatKind.JsonSchema;
                ReadSchema(context, value, format);
                break;
            case "":
                context.Missing("type");
                break;
            default:
                context.Fail("type", "invalid_value", $"Invalid '{context.PathTo("type")}': expected 'text', 'json_object' or 'json_schema'.");
                break;
        }

        context.Leave();
        return format;
    }

    private static void ReadSchema(RequestContext context, JsonElement value, ResponseFormat format)
    {
        foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            switch (member.Name)
            {
                case "type":
                    break;
                case "name":
                    format.SchemaName = context.Text(member.Value, member.Name, OpenAIRequestLimits.NameCharacters);
                    break;
                case "description":
                    format.SchemaDescription = context.Text(member.Value, member.Name);
                    break;
                case "schema":
                    format.Schema = context.IsObject(member.Value, member.Name) ? member.Value.GetRawText() : "";
                    break;
                case "strict":
                    format.Strict = context.Flag(member.Value, member.Name);
                    break;
                default:
                    context.Warn(member.Name, "parameter_dropped", $"'{member.Name}' is not known here.");
                    break;
            }
        }

        if (format.SchemaName.Length == 0)
            context.Missing("name");
        if (format.Schema.Length == 0)
            context.Missing("schema");
    }
}
