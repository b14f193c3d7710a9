using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.OpenApi;

namespace Orchestration.Gateway.Admin.Reference;

/// <summary>The OpenAPI document of the admin API, made from what is served: the endpoints with their annotations, and the table of roles.</summary>
internal sealed partial class ApiReference(IEnumerable<EndpointDataSource> endpoints, ContractTexts texts)
{
    public const string RolesExtension = "x-roles";
    private const string Json = "application/json";
    private const string Scheme = "bearer";
    private const string Error = "Status";
    private static readonly Dictionary<AdminRoles, string> RoleNames = new()
    {
        [AdminRoles.Owner] = OperatorRoles.Owner,
        [AdminRoles.Operator] = OperatorRoles.Operator,
        [AdminRoles.TeamAdmin] = OperatorRoles.TeamAdmin,
        [AdminRoles.Finance] = OperatorRoles.Finance,
        [AdminRoles.Viewer] = OperatorRoles.Viewer,
    };

    public OpenApiDocument Make(string version)
    {
        var document = new OpenApiDocument
        {
            Info = new OpenApiInfo { Title = "Orchestration admin API", Version = version },
            Paths = [],
            Components = new OpenApiComponents
            {
                Schemas = new Dictionary<string, IOpenApiSchema> { [Error] = ErrorSchema() },
                SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Scheme] = BearerScheme() },
            },
        };
        var schemas = new ApiSchemas(document, texts);
        var served = endpoints.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>())
            .OfType<GrpcJsonTranscodingMetadata>()
            .DistinctBy(call => (call.MethodDescriptor.FullName, PatternOf(call.HttpRule)))
            .OrderBy(call => PatternOf(call.HttpRule).Path, StringComparer.Ordinal)
            .ThenBy(call => call.MethodDescriptor.FullName, StringComparer.Ordinal);
        foreach (var call in served)
            Add(document, schemas, call.MethodDescriptor, call.HttpRule);
        return document;
    }

    private void Add(OpenApiDocument document, ApiSchemas schemas, MethodDescriptor method, HttpRule rule)
    {
        var (verb, path) = PatternOf(rule);
        if (!document.Paths.TryGetValue(path, out var item))
            document.Paths.Add(path, item = new OpenApiPathItem());
        ((OpenApiPathItem)item).AddOperation(verb, Operation(document, schemas, method, rule, path));
    }

    private OpenApiOperation Operation(OpenApiDocument document, ApiSchemas schemas, MethodDescriptor method, HttpRule rule, string path)
    {
        var inPath = Names().Matches(path).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var policy = AdminPolicy.Find($"{method.Service.FullName}/{method.Name}");
        var operation = new OpenApiOperation
        {
            OperationId = $"{method.Service.Name}_{method.Name}",
            Description = texts.Of(method),
            Tags = new HashSet<OpenApiTagReference> { new(method.Service.Name, document) },
            Parameters = [.. Parameters(schemas, method.InputType, rule, inPath)],
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse
                {
                    Description = method.IsServerStreaming ? "One JSON object in each line, as they come." : "The answer.",
                    Content = new Dictionary<string, IOpenApiMediaType> { [Json] = new OpenApiMediaType { Schema = schemas.Of(method.OutputType) } },
                },
                ["default"] = new OpenApiResponse
                {
                    Description = "What went wrong.",
                    Content = new Dictionary<string, IOpenApiMediaType> { [Json] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Error, document) } },
                },
            },
        };
        if (rule.Body.Length > 0)
        {
            var body = rule.Body == "*" ? schemas.Body(method.InputType, inPath) : schemas.Single(method.InputType.FindFieldByName(rule.Body));
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, IOpenApiMediaType> { [Json] = new OpenApiMediaType { Schema = body } } };
        }

        if (policy is null)
            return operation;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        operation.Extensions = new Dictionary<string, IOpenApiExtension> { [RolesExtension] = new JsonNodeExtension(RolesOf(policy)) };
        return operation;
    }

    private IEnumerable<IOpenApiParameter> Parameters(ApiSchemas schemas, MessageDescriptor message, HttpRule rule, HashSet<string> inPath)
    {
        foreach (var name in inPath)
            yield return Parameter(schemas, FieldAt(message, name), name, ParameterLocation.Path);
        if (rule.Body == "*")
            yield break;
        foreach (var (name, field) in Query(message, ""))
        {
            if (!inPath.Contains(name) && name != rule.Body)
                yield return Parameter(schemas, field, name, ParameterLocation.Query);
        }
    }

    private static FieldDescriptor FieldAt(MessageDescriptor message, string path)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
            message = message.FindFieldByName(name).MessageType;
        return message.FindFieldByName(names[^1]);
    }

    // A message inside a request is asked for by the dotted names of its fields.
    private static IEnumerable<(string Name, FieldDescriptor Field)> Query(MessageDescriptor message, string prefix)
    {
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => !field.IsMap))
        {
            var isOwnForm = field.FieldType == FieldType.Message && field.MessageType.File.Package == "google.protobuf";
            if (field.FieldType != FieldType.Message || isOwnForm)
                yield return (prefix + field.Name, field);
            else if (!field.IsRepeated && prefix.Length == 0)
                foreach (var inner in Query(field.MessageType, $"{field.Name}."))
                    yield return inner;
        }
    }

    private OpenApiParameter Parameter(ApiSchemas schemas, FieldDescriptor field, string name, ParameterLocation place) => new()
    {
        Name = name,
        In = place,
        Required = place == ParameterLocation.Path,
        Description = texts.Of(field),
        Schema = field.IsRepeated ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schemas.Single(field) } : schemas.Single(field),
    };

    private static JsonArray RolesOf(AdminRule policy) => new([.. RoleNames.Where(role => (policy.Roles & role.Key) != AdminRoles.None).Select(role => (JsonNode)role.Value)]);

    private static (HttpMethod Verb, string Path) PatternOf(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
        HttpRule.PatternOneofCase.Put => (HttpMethod.Put, rule.Put),
        HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
        HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
        _ => (HttpMethod.Post, rule.Post),
    };

    private static OpenApiSecurityScheme BearerScheme() => new() { Type = SecuritySchemeType.Http, Scheme = Scheme, Description = "An operator's key or session." };

    private static OpenApiSchema ErrorSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "gRPC status." },
            ["message"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["details"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object } },
        },
    };

    [GeneratedRegex(@"\{([a-z_0-9.]+)\}")]
    private static partial Regex Names();
}
