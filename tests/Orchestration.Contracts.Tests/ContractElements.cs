using System.Reflection;
using Google.Protobuf.Reflection;
using Orchestration.Contracts.Messages;

namespace Orchestration.Contracts.Tests;

/// <summary>Every element of the contracts that somebody on the other side of a wire may depend on, one per line.</summary>
internal static class ContractElements
{
    public static IReadOnlyList<string> All() =>
        [.. ProtobufElements().Concat(MessageElements()).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> ProtobufElements() =>
        from type in typeof(LedgerEvent).Assembly.GetTypes()
        let property = type.Name.EndsWith("Reflection", StringComparison.Ordinal)
            ? type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
            : null
        where property?.PropertyType == typeof(FileDescriptor)
        from line in Elements((FileDescriptor)property.GetValue(null)!)
        select line;

    private static IEnumerable<string> Elements(FileDescriptor file) =>
        file.MessageTypes.SelectMany(Elements)
            .Concat(file.EnumTypes.SelectMany(Elements))
            .Concat(file.Services.SelectMany(Elements));

    private static IEnumerable<string> Elements(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder()
            .Select(field => $"field {field.FullName} = {field.FieldNumber} {Cardinality(field)}{TypeName(field)}{OneOf(field)}")
            .Concat(message.NestedTypes.SelectMany(Elements))
            .Concat(message.EnumTypes.SelectMany(Elements));

    private static IEnumerable<string> Elements(EnumDescriptor type) =>
        type.Values.Select(value => $"enum {type.FullName}.{value.Name} = {value.Number}");

    private static IEnumerable<string> Elements(ServiceDescriptor service) =>
        service.Methods.Select(method =>
            $"rpc {method.FullName}({Stream(method.IsClientStreaming)}{method.InputType.FullName}) returns ({Stream(method.IsServerStreaming)}{method.OutputType.FullName})");

    private static IEnumerable<string> MessageElements() =>
        from type in typeof(LedgerEvent).Assembly.GetTypes()
        where type.Namespace == typeof(LedgerEvent).Namespace && type.IsPublic
        from property in type.GetProperties()
        where property.Name != "EqualityContract"
        select $"message {type.FullName}.{property.Name}: {property.PropertyType}";

    private static string Stream(bool streaming) => streaming ? "stream " : "";

    private static string Cardinality(FieldDescriptor field) =>
        field.IsMap ? "" : field.IsRepeated ? "repeated " : field.HasPresence && field.FieldType != FieldType.Message ? "optional " : "";

    private static string OneOf(FieldDescriptor field) =>
        field.RealContainingOneof is { } oneOf ? $" in {oneOf.Name}" : "";

    private static string TypeName(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map<{TypeName(field.MessageType.FindFieldByNumber(1))}, {TypeName(field.MessageType.FindFieldByNumber(2))}>",
        { FieldType: FieldType.Message } => field.MessageType.FullName,
        { FieldType: FieldType.Enum } => field.EnumType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };
}
