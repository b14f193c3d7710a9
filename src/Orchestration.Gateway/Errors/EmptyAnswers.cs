using System.Net.Mime;
using System.Text.Json;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Hosting;

namespace Orchestration.Gateway.Errors;

/// <summary>Gives a body in the listener's own shape to what routing refuses: no such path, no such method.</summary>
internal static class EmptyAnswers
{
    public static IApplicationBuilder UseEmptyAnswerBodies(this IApplicationBuilder app) => app.Use(next => async context =>
    {
        await next(context);
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentLength is > 0 || response.ContentType is not null)
            return;
        if (context.GetListenerName() == ListenerNames.Admin)
            await WriteStatusAsync(context);
        else if (context.GetListenerName() == ListenerNames.Http)
            await context.WriteFailureAsync(FailureOf(response.StatusCode, context.Request), response.StatusCode);
    });

    private static Failure FailureOf(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => Failures.NotFound("unknown_url", $"There is no such URL: {request.Method} {Shown(request.Path)}."),
        StatusCodes.Status405MethodNotAllowed => Failures.Invalid("method_not_allowed", $"{request.Method} is not allowed here."),
        >= 500 => Failures.Internal(),
        _ => Failures.Invalid("bad_request", "The request could not be understood."),
    };

    // The shape of a gRPC status in JSON, as transcoding writes it.
    private static async Task WriteStatusAsync(HttpContext context)
    {
        const int notFound = 5;
        const int unimplemented = 12;
        const int unknown = 2;
        var (code, message) = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => (notFound, "There is no such URL."),
            StatusCodes.Status405MethodNotAllowed => (unimplemented, "The method is not allowed here."),
            _ => (unknown, "The request could not be understood."),
        };
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code", code);
            writer.WriteString("message", message);
            writer.WriteStartArray("details");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        context.Response.ContentType = MediaTypeNames.Application.Json;
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static string Shown(PathString path)
    {
        var text = path.ToString();
        return text.Length <= 128 ? text : string.Concat(text.AsSpan(0, 128), "…");
    }
}
