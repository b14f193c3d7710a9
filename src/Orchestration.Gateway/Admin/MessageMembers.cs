using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Orchestration.Gateway.Admin;

/// <summary>Finds in JSON and in queries what the message that they are read into has no field for.</summary>
internal static class MessageMembers
{
    /// <summary>Path of the first member that a message has no field for; null when there is none.</summary>
    public static string? Unknown(MessageDescriptor message, JsonElement json, string path = "")
    {
        // Their JSON is a form of its own, or anything at all.
        var isWellKnown = message.File.Package == Empty.Descriptor.File.Package && message != Empty.Descriptor;
        if (isWellKnown || json.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in json.EnumerateObject())
        {
            var here = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (Field(message, member.Name) is not { } field)
                return here;
            if (Unknown(field, member.Value, here) is { } unknown)
                return unknown;
        }

        return null;
    }

    /// <summary>The same for a field and the JSON of its value.</summary>
    public static string? Unknown(FieldDescriptor field, JsonElement json, string path)
    {
        if (field.IsMap)
            return field.MessageType.FindFieldByNumber(2) is { FieldType: FieldType.Message } value && json.ValueKind == JsonValueKind.Object
                ? json.EnumerateObject().Select(entry => Unknown(value.MessageType, entry.Value, $"{path}.{entry.Name}")).FirstOrDefault(found => found is not null)
                : null;
        if (field.FieldType != FieldType.Message)
            return null;
        return field.IsRepeated && json.ValueKind == JsonValueKind.Array
            ? json.EnumerateArray().Select((item, i) => Unknown(field.MessageType, item, $"{path}[{i}]")).FirstOrDefault(found => found is not null)
            : Unknown(field.MessageType, json, path);
    }

    /// <summary>True for a dotted path of fields, as parameters of queries are named.</summary>
    public static bool Has(MessageDescriptor message, string path)
    {
        var current = message;
        foreach (var name in path.Split('.'))
        {
            if (current is null || Field(current, name) is not { } field)
                return false;
            current = field.FieldType == FieldType.Message ? field.MessageType : null;
        }

        return true;
    }

    private static FieldDescriptor? Field(MessageDescriptor message, string name) =>
        message.FindFieldByName(name) ?? message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name);
}
