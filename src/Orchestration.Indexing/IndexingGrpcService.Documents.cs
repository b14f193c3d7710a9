using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Indexing.Extraction;
using Orchestration.Indexing.Ingestion;

namespace Orchestration.Indexing;

/// <content>Documents.</content>
internal sealed partial class IndexingGrpcService
{
    private const int UsualPage = 100;
    private const int LargestPage = 500;

    public override Task<SubmitDocumentResponse> SubmitDocument(SubmitDocumentRequest request, ServerCallContext context) =>
        SubmitAsync(
            new DocumentSubmission(Tenant(context), request.Collection, request.DocumentId, request.Title, request.Text) { Priority = request.Priority }, context);

    public override async Task<SubmitDocumentResponse> UploadDocument(IAsyncStreamReader<UploadDocumentRequest> requestStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Header is not { } header)
            throw Invalid("An upload begins with its header.", "header");
        using var content = new MemoryStream();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            content.Write(requestStream.Current.Data.Span);
            if (content.Length > limits.Value.MaxFileBytes)
                throw Refusal(new IntakeResult.Rejected(UnreadableFile.TooLarge(limits.Value.MaxFileBytes).Message, "file") { Code = "file_too_large" });
        }

        return await SubmitAsync(
            new DocumentSubmission(Tenant(context), header.Collection, header.DocumentId, header.Title, "")
            {
                File = new SourceFile(content.ToArray(), header.FileName, header.MediaType),
                Priority = header.Priority,
            }, context);
    }

    public override async Task<Document> GetDocument(GetDocumentRequest request, ServerCallContext context) =>
        await FindAsync(request.Collection, request.DocumentId, context);

    public override async Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
    {
        if (request.Limit is < 0 or > LargestPage)
            throw Invalid("The limit is 1 to 500.", "limit");
        var page = await listing.ListAsync(
            Tenant(context), request.Collection, request.After, request.State, request.Limit == 0 ? UsualPage : request.Limit, context.CancellationToken)
            ?? throw NotFound("No such collection.");
        return new ListDocumentsResponse { Documents = { page.Documents.Select(ToProto) }, HasMore = page.HasMore };
    }

    public override async Task<Document> CancelDocument(CancelDocumentRequest request, ServerCallContext context)
    {
        var outcome = await control.CancelAsync(Tenant(context), request.Collection, request.DocumentId, context.CancellationToken);
        Demand(outcome, "not_cancellable", "The document neither waits nor is worked on.");
        return await FindAsync(request.Collection, request.DocumentId, context);
    }

    public override async Task<Document> RetryDocument(RetryDocumentRequest request, ServerCallContext context)
    {
        var outcome = await control.RetryAsync(Tenant(context), request.Collection, request.DocumentId, context.CancellationToken);
        Demand(outcome, "not_retryable", "The document neither failed nor was cancelled.");
        return await FindAsync(request.Collection, request.DocumentId, context);
    }

    public override async Task<Removal> DeleteDocument(DeleteDocumentRequest request, ServerCallContext context) =>
        await removals.DocumentAsync(Tenant(context), request.Collection, request.DocumentId, context.CancellationToken)
            ?? throw NotFound("No such document in this collection.");

    private async Task<SubmitDocumentResponse> SubmitAsync(DocumentSubmission submission, ServerCallContext context) =>
        await intake.SubmitAsync(submission, System.Diagnostics.Activity.Current?.Id, context.CancellationToken) switch
        {
            IntakeResult.Accepted accepted => new SubmitDocumentResponse { Document = ToProto(accepted.Document) },
            IntakeResult.Rejected rejected => throw Refusal(rejected),
            IntakeResult.Deleted => throw Conflict("deleted", "The document was deleted at this moment."),
            _ => throw new InvalidOperationException("Unknown intake result."),
        };

    private async Task<Document> FindAsync(string collection, string documentId, ServerCallContext context)
    {
        var document = await intake.FindAsync(Tenant(context), collection, documentId, context.CancellationToken);
        return document is null ? throw NotFound("No such document in this collection.") : ToProto(document);
    }

    private static void Demand(ControlOutcome outcome, string code, string message)
    {
        if (outcome == ControlOutcome.NotFound)
            throw NotFound("No such document in this collection.");
        if (outcome == ControlOutcome.OutOfPlace)
            throw Conflict(code, message);
    }

    private static Document ToProto(DocumentStatus document) => new()
    {
        Collection = document.Collection,
        DocumentId = document.DocumentId,
        Title = document.Title,
        State = document.State,
        FailureCode = document.FailureCode,
        FailureReason = document.FailureReason,
        ChunkCount = document.ChunkCount,
        Priority = document.Priority,
        Progress = document.State == DocumentState.Processing ? document.Progress : null,
        Size = document.Size,
        MediaType = document.MediaType,
        Tries = document.Tries,
        SubmittedAt = Timestamp.FromDateTimeOffset(document.SubmittedAt),
        IndexedAt = document.IndexedAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
    };
}
