using Grpc.Core;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Collections;

namespace Orchestration.Indexing;

/// <content>Collections.</content>
internal sealed partial class IndexingGrpcService
{
    public override async Task<Collection> CreateCollection(CreateCollectionRequest request, ServerCallContext context) =>
        await books.CreateAsync(Tenant(context), request, context.CancellationToken) switch
        {
            CreationResult.Created created => created.Collection,
            CreationResult.Rejected rejected => throw Invalid(rejected.Message, rejected.Param),
            CreationResult.Taken => throw Conflict("collection_exists", "There is a collection of this name with other settings."),
            _ => throw new InvalidOperationException("Unknown creation result."),
        };

    public override async Task<Collection> GetCollection(GetCollectionRequest request, ServerCallContext context) =>
        await books.FindAsync(Tenant(context), request.Name, context.CancellationToken) ?? throw NotFound("No such collection.");

    public override async Task<ListCollectionsResponse> ListCollections(ListCollectionsRequest request, ServerCallContext context) =>
        new() { Collections = { await books.ListAsync(Tenant(context), context.CancellationToken) } };

    public override async Task<Removal> DeleteCollection(DeleteCollectionRequest request, ServerCallContext context) =>
        await removals.CollectionAsync(Tenant(context), request.Name, context.CancellationToken) ?? throw NotFound("No such collection.");
}
