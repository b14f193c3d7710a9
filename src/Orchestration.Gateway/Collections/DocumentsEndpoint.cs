using System.Globalization;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Indexing.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Collections;

/// <summary><c>/v1/collections/{name}/documents</c>: handed on to Indexing with the tenant of the key.</summary>
internal sealed class DocumentsEndpoint(IndexingService.IndexingServiceClient indexing, CollectionCalls calls, IOptions<GatewayOptions> options)
{
    private const int PartBytes = 256 * 1024;

    /// <summary>A text in a JSON object, or a file: as a part of a form, or as the body with its id in the query.</summary>
    public Task SubmitAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, collection =>
        DocumentUpload.IsOne(context.Request) ? UploadAsync(context, collection) : SubmitTextAsync(context, collection));

    public Task GetAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        var request = new GetDocumentRequest { Collection = collection, DocumentId = CollectionCalls.DocumentId(context) };
        await CollectionCalls.WriteAsync(context, await indexing.GetDocumentAsync(request, calls.For(context, "query")), CollectionWriter.Write);
    });

    public Task ListAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        var query = context.Request.Query;
        var limit = 0;
        if ((query["limit"].ToString() is { Length: > 0 } said && !int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
            || CollectionWriter.StateOf(query["state"].ToString()) is not { } state)
        {
            await context.WriteFailureAsync(Failures.Invalid("invalid_request", "The limit is 1 to 500, the state one of queued, processing, indexed, failed, cancelled."));
            return;
        }

        var request = new ListDocumentsRequest { Collection = collection, Limit = limit, After = query["after"].ToString(), State = state };
        await CollectionCalls.WriteAsync(context, await indexing.ListDocumentsAsync(request, calls.For(context, "query")), CollectionWriter.Write);
    });

    public Task CancelAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        var request = new CancelDocumentRequest { Collection = collection, DocumentId = CollectionCalls.DocumentId(context) };
        await CollectionCalls.WriteAsync(context, await indexing.CancelDocumentAsync(request, calls.For(context, "ingest")), CollectionWriter.Write);
    });

    public Task RetryAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        var request = new RetryDocumentRequest { Collection = collection, DocumentId = CollectionCalls.DocumentId(context) };
        await CollectionCalls.WriteAsync(context, await indexing.RetryDocumentAsync(request, calls.For(context, "ingest")), CollectionWriter.Write);
    });

    public Task DeleteAsync(HttpContext context) => CollectionCalls.WithCollectionAsync(context, async collection =>
    {
        var request = new DeleteDocumentRequest { Collection = collection, DocumentId = CollectionCalls.DocumentId(context) };
        await CollectionCalls.WriteAsync(context, await indexing.DeleteDocumentAsync(request, calls.For(context, "ingest")), CollectionWriter.Write);
    });

    private async Task SubmitTextAsync(HttpContext context, string collection)
    {
        if (await calls.ReadAsync(context, CollectionJsonContext.Default.DocumentBody) is not { } body)
            return;
        if (CollectionWriter.PriorityOf(body.Priority) is not { } priority)
        {
            await context.WriteFailureAsync(DocumentUpload.UnknownPriority());
            return;
        }

        var request = new SubmitDocumentRequest { Collection = collection, DocumentId = body.Id, Title = body.Title ?? "", Text = body.Text, Priority = priority };
        await AcceptedAsync(context, await indexing.SubmitDocumentAsync(request, calls.For(context, "ingest")));
    }

    private async Task UploadAsync(HttpContext context, string collection)
    {
        var (upload, failure) = await DocumentUpload.ReadAsync(context.Request, options.Value.MaxRequestBodyBytes, context.RequestAborted);
        if (upload is null)
        {
            await context.WriteFailureAsync(failure!);
            return;
        }

        upload.Header.Collection = collection;
        using var call = indexing.UploadDocument(calls.ForUpload(context));
        await call.RequestStream.WriteAsync(new UploadDocumentRequest { Header = upload.Header }, context.RequestAborted);
        for (var sent = 0; sent < upload.Content.Length; sent += PartBytes)
        {
            var part = upload.Content.AsMemory(sent, Math.Min(PartBytes, upload.Content.Length - sent));
            await call.RequestStream.WriteAsync(new UploadDocumentRequest { Data = UnsafeByteOperations.UnsafeWrap(part) }, context.RequestAborted);
        }

        await call.RequestStream.CompleteAsync();
        await AcceptedAsync(context, await call);
    }

    private static Task AcceptedAsync(HttpContext context, SubmitDocumentResponse response)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return CollectionCalls.WriteAsync(context, response.Document, CollectionWriter.Write);
    }
}
