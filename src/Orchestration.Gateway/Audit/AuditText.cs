using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Orchestration.Gateway.Audit;

/// <summary>Requests and answers of forwarded calls as they may stand in the audit log: without what opens something.</summary>
internal static class AuditText
{
    private const int Longest = 64 * 1024;
    private const string Hidden = "[hidden]";

    /// <summary>Fields of this name hold secrets wherever they are: keys, signing secrets, addresses with a token inside.</summary>
    public static readonly IReadOnlySet<string> HiddenFields = new HashSet<string>(StringComparer.Ordinal) { "secret", "url", "token", "password", "user" };

    public static string Of(object? message)
    {
        if (message is not IMessage original)
            return "";
        var copy = original.Descriptor.Parser.ParseFrom(original.ToByteArray());
        Hide(copy);
        var json = JsonFormatter.Default.Format(copy);
        return json.Length <= Longest ? json : string.Create(CultureInfo.InvariantCulture, $"{{\"omitted\":\"{json.Length} characters\"}}");
    }

    /// <summary>What a request is about, by the ids in it.</summary>
    public static string Target(object request) => request is not IMessage message
        ? ""
        : string.Join(' ', message.Descriptor.Fields.InDeclarationOrder()
            .Where(field => field is { FieldType: FieldType.String, IsRepeated: false } && IsId(field.Name))
            .Select(field => (field.Name, Value: (string)field.Accessor.GetValue(message)))
            .Where(id => id.Value.Length is > 0 and <= 64)
            .Select(id => $"{id.Name}:{id.Value}")
            .Take(3));

    private static bool IsId(string name) => name is "id" or "provider" or "kind" or "model" or "month" || (name.EndsWith("_id", StringComparison.Ordinal) && name != "tenant_id");

    private static void Hide(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.FieldType == FieldType.Bytes && !field.IsRepeated)
                field.Accessor.Clear(message);
            else if (field.FieldType == FieldType.String && !field.IsRepeated && HiddenFields.Contains(field.Name) && value is string { Length: > 0 })
                field.Accessor.SetValue(message, Hidden);
            else if (field is { FieldType: FieldType.Message, IsMap: false })
                HideInside(field, value);
        }
    }

    private static void HideInside(FieldDescriptor field, object? value)
    {
        if (!field.IsRepeated && value is IMessage inner)
            Hide(inner);
        else if (field.IsRepeated && value is System.Collections.IEnumerable items)
            foreach (var item in items.OfType<IMessage>())
                Hide(item);
    }
}
