using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Extraction;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Works the document queue off; a failure of one document never stops the others.</summary>
internal sealed partial class IngestionWorker(
    DocumentQueue queue,
    DocumentIndexer indexer,
    IOptions<IngestionOptions> options,
    IndexingTelemetry telemetry,
    ILogger<IngestionWorker> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => WorkAsync(stoppingToken)));

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await queue.TakeAsync(stoppingToken) is { } document)
                    await IndexAsync(document, stoppingToken);
                else
                    await queue.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.QueueUnavailable(logger, exception.GetType().Name);
                await queue.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    internal async Task IndexAsync(DocumentRow document, CancellationToken stoppingToken)
    {
        using var activity = telemetry.Activities.StartActivity("index document", ActivityKind.Internal, document.TraceParent);
        activity?.SetTag("orchestration.document.id", document.Id);
        try
        {
            await indexer.IndexAsync(document, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            var setback = Explain(exception);
            Log.DocumentFailed(logger, document.Id, document.Tries, setback.Reason);
            await queue.ReturnAsync(document, setback, stoppingToken);
        }
    }

    private static Setback Explain(Exception exception) => exception switch
    {
        ExtractionException unreadable => new(unreadable.Code, unreadable.Message, SetbackKind.Permanent),
        RpcException rpc when rpc.GetFailure() is var failure => new(
            failure.Code is { Length: > 0 } code ? code : "embedding_failed", $"Embedding failed: {failure.Message}", KindOf(rpc.StatusCode, failure.Retryable)),
        // The next try reads anew to which one the collection is pinned.
        EmbedderChangedException changed => new("embedder_changed", changed.Message, SetbackKind.Passing),
        _ => new("internal_error", "The document could not be indexed; see the service's log.", SetbackKind.Passing),
    };

    private static SetbackKind KindOf(StatusCode status, bool retryable) => status switch
    {
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted => SetbackKind.SomethingIsAway,
        StatusCode.InvalidArgument or StatusCode.NotFound when !retryable => SetbackKind.Permanent,
        _ => SetbackKind.Passing,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Document {DocumentId} failed in try {Try}: {Reason}")]
        public static partial void DocumentFailed(ILogger logger, Guid documentId, int @try, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The document queue cannot be read: {Error}")]
        public static partial void QueueUnavailable(ILogger logger, string error);
    }
}
