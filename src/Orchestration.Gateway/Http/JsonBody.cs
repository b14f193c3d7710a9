using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Http;

/// <summary>Reads a JSON request body within its limit into a rented buffer.</summary>
internal static class JsonBody
{
    private const int LargestTrustedLength = 1024 * 1024;

    /// <summary>What a decoder makes of the whole body; null when the request was refused, and the client has been told why.</summary>
    public static async ValueTask<TValue?> DecodeAsync<TValue>(
        HttpContext context,
        int limit,
        Func<ReadOnlyMemory<byte>, (TValue? Value, Failure? Failure)> decode) where TValue : class
    {
        using var body = await ReadAsync(context, limit);
        if (body is null)
            return null;
        var (value, failure) = decode(body.WrittenMemory);
        if (failure is null)
            return value;
        await context.WriteFailureAsync(failure);
        return null;
    }

    /// <summary>The whole body, which the caller disposes of; null when it was refused, and the client has been told why.</summary>
    public static async ValueTask<PooledBuffer?> ReadAsync(HttpContext context, int limit)
    {
        var failure = Refuse(context.Request, limit);
        if (failure is null && await ReadAsync(context.Request, limit, context.RequestAborted) is { } body)
            return body;
        await context.WriteFailureAsync(failure ?? Failures.TooLarge(limit));
        return null;
    }

    /// <summary>The failure that makes the body unacceptable before a byte of it is read, or null.</summary>
    private static Failure? Refuse(HttpRequest request, int limit)
    {
        if (!IsJson(request.ContentType))
            return Unsupported("The request body must be JSON: send the header 'Content-Type: application/json'.");
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return Unsupported("Compressed request bodies are not accepted.");
        return request.ContentLength > limit ? Failures.TooLarge(limit) : null;
    }

    /// <summary>The whole body, or null when it is larger than the limit. The caller disposes of the buffer.</summary>
    private static async ValueTask<PooledBuffer?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var expected = (int)Math.Min(request.ContentLength ?? 0, LargestTrustedLength);
        var buffer = new PooledBuffer(Math.Max(expected + 1, 4096));
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(buffer.GetMemory(1), cancellationToken);
                if (read == 0)
                    return buffer;
                buffer.Advance(read);
                if (buffer.Length <= limit)
                    continue;
                buffer.Dispose();
                return null;
            }
        }
        catch (IOException exception) when (exception.InnerException is OverflowException)
        {
            // The server tells of every other mistake in the framing as this, but of a chunk's size that no number holds.
            buffer.Dispose();
            throw new BadHttpRequestException(exception.Message, StatusCodes.Status400BadRequest, exception);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static bool IsJson(string? contentType)
    {
        // The form that nearly every client sends.
        if (contentType is MediaTypeNames.Application.Json)
            return true;
        return MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && (parsed.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
                || parsed.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!parsed.Charset.HasValue || parsed.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || parsed.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase));
    }

    private static Failure Unsupported(string message) => Failures.Invalid("unsupported_media_type", message);
}
