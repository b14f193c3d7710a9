using System.Threading.Channels;
using MassTransit;
using Orchestration.Contracts.Messages;
using Orchestration.Indexing.Data;

namespace Orchestration.Indexing.Ingestion;

/// <summary>Tells of documents that were given up. Best effort: the rows say the same, and no document waits for it.</summary>
internal sealed partial class IngestionNews(IServiceProvider services, TimeProvider time, ILogger<IngestionNews> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<IngestionFailed> _news =
        Channel.CreateBounded<IngestionFailed>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>What was not told yet.</summary>
    public ChannelReader<IngestionFailed> Waiting => _news.Reader;

    public void Failed(DocumentRow document, string reason) => _news.Writer.TryWrite(new IngestionFailed
    {
        TenantId = document.TenantId,
        Collection = document.Collection,
        DocumentId = document.ExternalId,
        Reason = reason,
        FailedAt = time.GetUtcNow(),
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Resolved here because a part that is run by itself has no bus.
        if (services.GetService<IBus>() is not { } bus)
            return;
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(stoppingToken))
                await PublishAsync(bus, news, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; the rows stay.
        }
    }

    private async Task PublishAsync(IBus bus, IngestionFailed news, CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        try
        {
            await bus.Publish(news, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotPublished(logger, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Nobody could be told that a document was given up: {Reason}")]
        public static partial void NotPublished(ILogger logger, string reason);
    }
}
