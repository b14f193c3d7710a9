using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.ServiceDefaults.Failures;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Indexing that tells back who asked.</summary>
internal sealed class FakeIndexing : IndexingService.IndexingServiceBase
{
    public override Task<SubmitDocumentResponse> SubmitDocument(SubmitDocumentRequest request, ServerCallContext context) =>
        Task.FromResult(new SubmitDocumentResponse
        {
            Document = new Document
            {
                Collection = request.Collection,
                DocumentId = request.DocumentId,
                Title = context.GetServiceCaller().TenantId,
                State = DocumentState.Queued,
            },
        });

    public override Task<Document> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        throw new Failure { FailureClass = FailureClass.NotFound, Code = "document_not_found", Message = "No such document." }.ToRpcException();

    public override Task<SearchResponse> Search(SearchRequest request, ServerCallContext context) =>
        Task.FromResult(new SearchResponse { Passages = { new Passage { DocumentId = "doc", Text = request.Query, Score = 0.75 } } });
}
