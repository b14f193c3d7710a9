using System.Threading.Channels;
using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.Providers.Health;

/// <summary>Tells the other replicas and services about deployments and keys. Best effort: the newest news matter, and no request waits for it.</summary>
internal sealed partial class HealthFeed(IServiceProvider services, ILogger<HealthFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Channel<object> _news =
        Channel.CreateBounded<object>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Tells the news of this process from those of others.</summary>
    public static Guid Replica { get; } = Guid.NewGuid();

    public void Publish(DeploymentHealthChanged news) => _news.Writer.TryWrite(news with { Replica = Replica });

    public void Publish(CredentialChanged news) => _news.Writer.TryWrite(news);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Resolved here because a host without messaging (a test of one part) has no bus.
        if (services.GetService<IBus>() is not { } bus) return;
        try
        {
            await foreach (var news in _news.Reader.ReadAllAsync(stoppingToken))
                await PublishAsync(bus, news, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops; what was not told is told by the next failure elsewhere.
        }
    }

    private async Task PublishAsync(IBus bus, object news, CancellationToken stoppingToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        patience.CancelAfter(Patience);
        try
        {
            await bus.Publish(news, patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotPublished(logger, news.GetType().Name, exception.GetType().Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{News} could not be published: {Reason}")]
        public static partial void NotPublished(ILogger logger, string news, string reason);
    }
}
