using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Collections;

/// <summary><c>/v1/collections/{name}/…</c>: handed on to Indexing with the tenant of the key.</summary>
internal sealed class CollectionsEndpoint(
    IndexingService.IndexingServiceClient indexing,
    IngestionTokens tokens,
    InternalCalls calls,
    IOptions<GatewayOptions> options)
{
    private const int LongestName = 64;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public Task IssueTokenAsync(HttpContext context) => WithCollectionAsync(context, async collection =>
    {
        context.Response.Headers.CacheControl = "no-store";
        await WriteAsync(context, tokens.Issue(context.GetCaller().TenantId, collection), CollectionWriter.Write);
    });

    public Task SubmitAsync(HttpContext context) => WithCollectionAsync(context, async collection =>
    {
        if (await ReadAsync(context, CollectionJsonContext.Default.DocumentBody) is not { } body)
            return;
        var request = new SubmitDocumentRequest { Collection = collection, DocumentId = body.Id, Title = body.Title ?? "", Text = body.Text };
        var response = await indexing.SubmitDocumentAsync(request, CallOptions(context, "ingest"));
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await WriteAsync(context, response.Document, CollectionWriter.Write);
    });

    public Task GetAsync(HttpContext context) => WithCollectionAsync(context, async collection =>
    {
        var id = (context.GetRouteValue("id") as string ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var document = await indexing.GetDocumentAsync(new GetDocumentRequest { Collection = collection, DocumentId = id }, CallOptions(context, "query"));
        await WriteAsync(context, document, CollectionWriter.Write);
    });

    public Task SearchAsync(HttpContext context) => WithCollectionAsync(context, async collection =>
    {
        if (await ReadAsync(context, CollectionJsonContext.Default.SearchBody) is not { } body)
            return;
        var request = new SearchRequest { Collection = collection, Query = body.Query, Limit = body.Limit };
        await WriteAsync(context, await indexing.SearchAsync(request, CallOptions(context, "query")), CollectionWriter.Write);
    });

    private static async Task WithCollectionAsync(HttpContext context, Func<string, Task> handle)
    {
        var collection = context.GetRouteValue("name") as string ?? "";
        if (collection.Length is 0 or > LongestName || collection.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            await context.WriteFailureAsync(Failures.Invalid("invalid_collection", "A collection's name has 1 to 64 lower-case letters, digits and hyphens.", "name"));
            return;
        }

        try
        {
            await handle(collection);
        }
        catch (RpcException exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            await context.WriteFailureAsync(IndexingFailures.Of(exception));
        }
    }

    private ValueTask<TBody?> ReadAsync<TBody>(HttpContext context, JsonTypeInfo<TBody> type) where TBody : class =>
        JsonBody.DecodeAsync<TBody>(context, options.Value.MaxRequestBodyBytes, body => Parse(body.Span, type) is { } parsed
            ? (parsed, null)
            : (null, Failures.Invalid("invalid_json", "The body is not the JSON object that this endpoint takes.")));

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

    private static async Task WriteAsync<TValue>(HttpContext context, TValue value, Action<Utf8JsonWriter, TValue> write)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
            write(writer, value);
        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private CallOptions CallOptions(HttpContext context, string purpose) =>
        calls.For(context.GetCaller().TenantId, purpose, options.Value.QueryTimeout, context.RequestAborted);
}
