using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Collections;

/// <summary><c>/v1/collections</c>: handed on to Indexing with the tenant of the key.</summary>
internal sealed class CollectionsEndpoint(IndexingService.IndexingServiceClient indexing, IngestionTokens tokens, CollectionCalls calls)
{
    public Task IssueTokenAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        context.Response.Headers.CacheControl = "no-store";
        await CollectionCalls.WriteAsync(context, tokens.Issue(context.GetCaller().TenantId, collection), CollectionWriter.Write);
    });

    public Task SearchAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        if (await calls.ReadAsync(context, CollectionJsonContext.Default.SearchBody) is not { } body)
            return;
        var request = new SearchRequest { Collection = collection, Query = body.Query, Limit = body.Limit };
        await CollectionCalls.WriteAsync(context, await indexing.SearchAsync(request, calls.For(context, "query")), CollectionWriter.Write);
    });

    public Task CreateAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        if (await calls.ReadAsync(context, CollectionJsonContext.Default.CollectionBody) is not { } body)
            return;
        if (Tier(body.TrustTier) is not { } tier)
        {
            await context.WriteFailureAsync(Failures.Invalid("invalid_request", "A trust tier is internal or external.", "trust_tier"));
            return;
        }

        var request = new CreateCollectionRequest { Name = collection, EmbeddingModel = body.EmbeddingModel ?? "", ChunkTokens = body.ChunkTokens, TrustTier = tier };
        if (body.VectorWeight is { } weight)
            request.VectorWeight = weight;
        await CollectionCalls.WriteAsync(context, await indexing.CreateCollectionAsync(request, calls.For(context, "ingest")), CollectionWriter.Write);
    });

    public Task GetAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
        await CollectionCalls.WriteAsync(
            context, await indexing.GetCollectionAsync(new GetCollectionRequest { Name = collection }, calls.For(context, "query")), CollectionWriter.Write));

    /// <summary>Those that the key may read or write.</summary>
    public Task ListAsync(HttpContext context) => CollectionCalls.TranslateAsync(context, async () =>
    {
        var access = context.GetCaller().Access;
        var all = await indexing.ListCollectionsAsync(new ListCollectionsRequest(), calls.For(context, "query"));
        var shown = all.Collections.Where(one => access.Allows(KeyScopes.Read + one.Name) || access.Allows(KeyScopes.Write + one.Name)).ToList();
        await CollectionCalls.WriteAsync(context, shown, CollectionWriter.Write);
    });

    public Task DeleteAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
        await CollectionCalls.WriteAsync(
            context, await indexing.DeleteCollectionAsync(new DeleteCollectionRequest { Name = collection }, calls.For(context, "ingest")), CollectionWriter.Write));

    private static TrustTier? Tier(string? name) => name switch
    {
        null or "internal" => TrustTier.Internal,
        "external" => TrustTier.External,
        _ => null,
    };
}
