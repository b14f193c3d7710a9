using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Collections;
using Orchestration.Indexing.Extraction;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Search;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Indexing;

/// <summary>Translates between the wire and the features; the tenant is the caller's, never the message's.</summary>
internal sealed partial class IndexingGrpcService(
    DocumentIntake intake,
    DocumentListing listing,
    DocumentControl control,
    Removals removals,
    CollectionBooks books,
    PassageSearch search,
    IOptions<ExtractionOptions> limits) : IndexingService.IndexingServiceBase
{
    public override async Task<SearchResponse> Search(SearchRequest request, ServerCallContext context)
    {
        var query = new PassageQuery(Tenant(context), request.Collection, request.Query, request.Limit == 0 ? 10 : request.Limit)
        {
            Mode = request.Mode,
            VectorWeight = request.HasVectorWeight ? request.VectorWeight : null,
            Filter = ToFilter(request.Filter),
            MergeNeighbours = request.MergeNeighbours,
            Explain = request.Explain,
        };
        return await search.SearchAsync(query, context.CancellationToken) switch
        {
            SearchResult.Found found => ToProto(found),
            SearchResult.UnknownCollection => throw NotFound("No such collection."),
            SearchResult.EmbedderAway away => throw Unavailable(away.Message),
            SearchResult.Rejected rejected => throw Invalid(rejected.Message, rejected.Param),
            _ => throw new InvalidOperationException("Unknown search result."),
        };
    }

    private static string Tenant(ServerCallContext context) =>
        context.GetServiceCaller().TenantId is { Length: > 0 } tenant ? tenant : throw Invalid("The call names no tenant.", "");

    private static PassageFilter ToFilter(SearchFilter? filter) => filter is null
        ? PassageFilter.None
        : new(filter.DocumentIds, filter.DocumentIdPrefix, filter.SubmittedFrom?.ToDateTimeOffset(), filter.SubmittedBefore?.ToDateTimeOffset());

    private static SearchResponse ToProto(SearchResult.Found found) => new()
    {
        Passages = { found.Passages },
        Mode = found.Mode,
        VectorWeight = found.VectorWeight,
        SimilarityThreshold = found.SimilarityThreshold,
        IndexVersion = found.IndexVersion,
    };

    private static FailureException Refusal(IntakeResult.Rejected rejected) => new(new Failure
    {
        FailureClass = rejected.Code == "file_too_large" ? FailureClass.TooLarge : FailureClass.InvalidRequest,
        Code = rejected.Code,
        Message = rejected.Message,
        Param = rejected.Param,
    });

    private static FailureException Conflict(string code, string message) => new(new Failure
    {
        FailureClass = FailureClass.Conflict,
        Code = code,
        Message = message,
    });

    private static FailureException Invalid(string message, string param) => new(new Failure
    {
        FailureClass = FailureClass.InvalidRequest,
        Code = "invalid_request",
        Message = message,
        Param = param,
    });

    private static FailureException Unavailable(string message) => new(new Failure
    {
        FailureClass = FailureClass.Unavailable,
        Code = "embedder_unavailable",
        Message = message,
        Retryable = true,
    });

    private static FailureException NotFound(string message) => new(new Failure
    {
        FailureClass = FailureClass.NotFound,
        Code = "not_found",
        Message = message,
    });
}
