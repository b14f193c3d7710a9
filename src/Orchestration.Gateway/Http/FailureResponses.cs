using System.Globalization;
using System.Net.Mime;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Http;

/// <summary>Failures as HTTP answers in the shape of the client's protocol.</summary>
internal static class FailureResponses
{
    public static async Task WriteFailureAsync(this HttpContext context, Failure failure, int? status = null)
    {
        var response = context.Response;
        var isAnthropic = context.Request.IsAnthropic();
        response.StatusCode = status ?? StatusOf(failure, isAnthropic);
        SetRetryHeaders(response, failure);
        // The rest of such a body is not worth reading; a server that ends takes nothing more on the connection.
        if ((failure.FailureClass == FailureClass.TooLarge || failure.Code == Failures.ShuttingDownCode) && context.Request.Protocol == HttpProtocol.Http11)
            response.Headers.Connection = "close";
        using var buffer = new PooledBuffer();
        if (isAnthropic)
            AnthropicErrorEncoder.Write(buffer, failure, context.GetRequestIdentity().Text);
        else
            OpenAIErrorEncoder.Write(buffer, failure, context.GetRequestIdentity().Text);
        await response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public static async Task WriteJsonAsync(this HttpResponse response, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        response.ContentType = MediaTypeNames.Application.Json;
        response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(json, cancellationToken);
    }

    private static int StatusOf(Failure failure, bool isAnthropic) => failure.Code == "unsupported_media_type"
        ? StatusCodes.Status415UnsupportedMediaType
        : isAnthropic ? AnthropicErrorEncoder.HttpStatus(failure) : OpenAIErrorEncoder.HttpStatus(failure);

    private static void SetRetryHeaders(HttpResponse response, Failure failure)
    {
        // SDKs retry 409, 429 and 5xx by themselves unless they are told.
        response.Headers[ResponseHeaders.ShouldRetry] = failure.Retryable ? "true" : "false";
        if (failure.RetryAfter is null || !failure.Retryable)
            return;
        // A little jitter, so that all who were refused together do not come back together.
        var wait = failure.RetryAfter.ToTimeSpan() * (1 + Random.Shared.NextDouble() * 0.25);
        response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.Headers[ResponseHeaders.RetryAfterMs] = Math.Max(1, (long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }
}
