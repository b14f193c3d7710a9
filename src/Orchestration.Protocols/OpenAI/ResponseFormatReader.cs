using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Reads <c>response_format</c>. A form that the model cannot hold whole is kept as an unknown member as well.</summary>
internal static class ResponseFormatReader
{
    private const string Member = "response_format";

    public static ResponseFormat? Read(RequestContext context, JsonElement value, ref JsonBag extensions)
    {
        if (!context.IsObject(value, Member))
            return null;
        if (!value.TryGetProperty("type", out var type))
        {
            context.Missing(Member + ".type");
            return null;
        }

        context.Enter(Member);
        var format = new ResponseFormat { Kind = KindOf(context.Text(type, "type", 64)) };
        var known = format.Kind != ResponseFormatKind.Unspecified;
        foreach (var member in value.EnumerateObject())
        {
            if (member.NameEquals("json_schema") && format.Kind == ResponseFormatKind.JsonSchema)
                known &= ReadSchema(context, member.Value, format);
            else
                known &= member.NameEquals("type");
        }

        if (format.Kind == ResponseFormatKind.JsonSchema && !value.TryGetProperty("json_schema", out _))
            context.Missing("json_schema");
        context.Leave();

        if (!known)
            extensions.Add(Member, value.GetRawText());
        return format.Kind == ResponseFormatKind.Unspecified ? null : format;
    }

    private static ResponseFormatKind KindOf(string type) => type switch
    {
        "text" => ResponseFormatKind.Text,
        "json_object" => ResponseFormatKind.JsonObject,
        "json_schema" => ResponseFormatKind.JsonSchema,
        _ => ResponseFormatKind.Unspecified,
    };

    private static bool ReadSchema(RequestContext context, JsonElement value, ResponseFormat format)
    {
        if (!context.IsObject(value, "json_schema"))
            return false;

        var known = true;
        context.Enter("json_schema");
        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;

            switch (member.Name)
            {
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
                    known = false;
                    break;
            }
        }

        if (format.SchemaName.Length == 0)
            context.Missing("name");
        context.Leave();
        return known;
    }
}
