using System.Text;
using System.Text.Json;
using Google.Api;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Admin;

/// <summary>
/// Refuses REST calls of operators that say something nobody would read: a mistyped member would otherwise be taken for one left out,
/// and a change for made. Calls over gRPC name their fields by number and pass.
/// </summary>
internal sealed class UnknownMembers(RequestDelegate next, OperatorAuthenticator authenticator)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } call)
        {
            var message = call.MethodDescriptor.InputType;
            var unknown = Parameter(context.Request, message, call.HttpRule) ?? await MemberAsync(context.Request, message, call.HttpRule, context.RequestAborted);
            // Strangers learn nothing of the fields: they are turned away by the call itself.
            if (unknown is not null && await authenticator.AdmitAsync(context.Request, context.RequestAborted) is OperatorAdmission.Admitted)
            {
                await RefuseAsync(context, $"{unknown} is not known to {call.MethodDescriptor.Name}.");
                return;
            }
        }

        await next(context);
    }

    // What a body holds as a whole, a path names or the body is, no query can say.
    private static string? Parameter(HttpRequest request, MessageDescriptor message, HttpRule rule)
    {
        foreach (var name in request.Query.Keys)
        {
            if (rule.Body == "*" || rule.Body == name || request.RouteValues.ContainsKey(name) || !MessageMembers.Has(message, name))
                return $"Query parameter '{name}'";
        }

        return null;
    }

    private static async Task<string?> MemberAsync(HttpRequest request, MessageDescriptor message, HttpRule rule, CancellationToken cancellationToken)
    {
        if (rule.Body.Length == 0 || !request.HasJsonContentType())
            return null;
        request.EnableBuffering();
        try
        {
            using var json = await ParseAsync(request, cancellationToken);
            var path = rule.Body == "*"
                ? MessageMembers.Unknown(message, json.RootElement)
                : MessageMembers.Unknown(message.FindFieldByName(rule.Body), json.RootElement, "");
            return path is null ? null : $"Member '{path}'";
        }
        catch (JsonException)
        {
            // Who reads it into the message says what is wrong with it.
            return null;
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    private static async Task<JsonDocument> ParseAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.GetTypedHeaders().ContentType?.Encoding is not { } encoding || encoding is UTF8Encoding)
            return await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
        await using var utf8 = Encoding.CreateTranscodingStream(request.Body, encoding, Encoding.UTF8, leaveOpen: true);
        return await JsonDocument.ParseAsync(utf8, cancellationToken: cancellationToken);
    }

    private static async Task RefuseAsync(HttpContext context, string message)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", (int)StatusCode.InvalidArgument);
            writer.WriteString("message", message);
            writer.WriteStartArray("details");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
