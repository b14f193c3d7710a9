using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Indexing.Data;
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
            var (reason, permanent) = Explain(exception);
            Log.DocumentFailed(logger, document.Id, document.Tries, reason);
            await queue.ReturnAsync(document, reason, permanent, stoppingToken);
        }
    }

    private static (string Reason, bool Permanent) Explain(Exception exception) => exception switch
    {
        RpcException rpc when rpc.GetFailure() is var failure => ($"Embedding failed: {failure.Message}", !failure.Retryable && rpc.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound),
        EmbedderChangedException changed => (changed.Message, true),
        _ => ("The document could not be indexed; see the service's log.", false),
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Document {DocumentId} failed in try {Try}: {Reason}")]
        public static partial void DocumentFailed(ILogger logger, Guid documentId, int @try, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The document queue cannot be read: {Error}")]
        public static partial void QueueUnavailable(ILogger logger, string error);
    }
}
