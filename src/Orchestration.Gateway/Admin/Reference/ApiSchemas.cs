using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Microsoft.OpenApi;

namespace Orchestration.Gateway.Admin.Reference;

/// <summary>Messages of the admin API as JSON schemas, in the form that they have in REST.</summary>
internal sealed class ApiSchemas(OpenApiDocument document, ContractTexts texts)
{
    /// <summary>A reference to the schema of a message, which is added with everything in it.</summary>
    public IOpenApiSchema Of(MessageDescriptor message)
    {
        if (WellKnown(message) is { } known)
            return known;
        var name = message.FullName;
        var schemas = document.Components!.Schemas!;
        if (!schemas.ContainsKey(name))
        {
            // Entered before it is filled: a message may hold itself.
            var schema = new OpenApiSchema();
            schemas.Add(name, schema);
            Fill(schema, message, message.Fields.InDeclarationOrder());
        }

        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>The schema of a body: a message without the fields that stand in the path.</summary>
    public IOpenApiSchema Body(MessageDescriptor message, IReadOnlySet<string> inPath)
    {
        var schema = new OpenApiSchema();
        Fill(schema, message, message.Fields.InDeclarationOrder().Where(field => !inPath.Contains(field.Name)));
        return schema;
    }

    /// <summary>The schema of one value of a field.</summary>
    public IOpenApiSchema Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Of(field.MessageType),
        FieldType.Enum => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. field.EnumType.Values.Select(value => JsonValue.Create(value.Name))] },
        FieldType.Bool => new OpenApiSchema { Type = JsonSchemaType.Boolean },
        FieldType.String => new OpenApiSchema { Type = JsonSchemaType.String },
        FieldType.Bytes => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
        FieldType.Double or FieldType.Float => new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" },
        FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 or FieldType.Fixed64 or FieldType.SFixed64 =>
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
        _ => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
    };

    private void Fill(OpenApiSchema schema, MessageDescriptor message, IEnumerable<FieldDescriptor> fields)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Description = Text(texts.Of(message));
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var field in fields)
            schema.Properties[field.JsonName] = Described(field);
    }

    private IOpenApiSchema Described(FieldDescriptor field)
    {
        var schema = Of(field);
        var text = Text(texts.Of(field));
        if (schema is OpenApiSchema own)
            own.Description ??= text;
        else if (schema is OpenApiSchemaReference reference)
            reference.Description = text;
        return schema;
    }

    private IOpenApiSchema Of(FieldDescriptor field)
    {
        if (field.IsMap)
            return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Single(field.MessageType.FindFieldByNumber(2)) };
        return field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Single(field) } : Single(field);
    }

    private static OpenApiSchema? WellKnown(MessageDescriptor message)
    {
        if (message == Timestamp.Descriptor)
            return new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" };
        if (message == Duration.Descriptor)
            return new OpenApiSchema { Type = JsonSchemaType.String, Description = "Seconds with an s behind them, for example \"3.5s\"." };
        if (message == HttpBody.Descriptor)
            return new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return message.File.Package == Struct.Descriptor.File.Package ? new OpenApiSchema() : null;
    }

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
