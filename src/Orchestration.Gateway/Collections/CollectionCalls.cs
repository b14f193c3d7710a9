using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Collections;

/// <summary>What every endpoint of collections does around its call of Indexing.</summary>
internal sealed class CollectionCalls(InternalCalls calls, IOptions<GatewayOptions> options)
{
    private const int LongestName = 64;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly TimeSpan UploadTimeout = TimeSpan.FromMinutes(2);

    /// <summary>With the collection that the path names.</summary>
    public static Task WithCollectionAsync(HttpContext context, Func<string, Task> handle)
    {
        var collection = context.GetRouteValue("name") as string ?? "";
        return collection.Length is 0 or > LongestName || collection.AsSpan().ContainsAnyExcept(NameCharacters)
            ? context.WriteFailureAsync(Failures.Invalid("invalid_collection", "A collection's name has 1 to 64 lower-case letters, digits and hyphens.", "name"))
            : TranslateAsync(context, () => handle(collection));
    }

    /// <summary>With Indexing's refusals in the client's words.</summary>
    public static async Task TranslateAsync(HttpContext context, Func<Task> handle)
    {
        try
        {
            await handle();
        }
        catch (RpcException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            await context.WriteFailureAsync(IndexingFailures.Of(exception));
        }
    }

    /// <summary>The id of a document that the path names. An encoded slash stays encoded in a route.</summary>
    public static string DocumentId(HttpContext context) =>
        (context.GetRouteValue("id") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    public ValueTask<TBody?> ReadAsync<TBody>(HttpContext context, JsonTypeInfo<TBody> type) where TBody : class =>
        JsonBody.DecodeAsync<TBody>(context, options.Value.MaxRequestBodyBytes, body => Parse(body.Span, type) is { } parsed
            ? (parsed, null)
            : (null, Failures.Invalid("invalid_json", "The body is not the JSON object that this endpoint takes.")));

    public static async Task WriteAsync<TValue>(HttpContext context, TValue value, Action<Utf8JsonWriter, TValue> write)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer, value);
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public CallOptions For(HttpContext context, string purpose) =>
        calls.For(context.GetCaller().TenantId, purpose, options.Value.QueryTimeout, context.RequestAborted);

    public CallOptions ForUpload(HttpContext context) => calls.For(context.GetCaller().TenantId, "ingest", UploadTimeout, context.RequestAborted);

    private static TBody? Parse<TBody>(ReadOnlySpan<byte> json, JsonTypeInfo<TBody> type) where TBody : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
