using Grpc.Core;
using Orchestration.Contracts.Routing.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Routing's catalogue, asked for at most once a minute.</summary>
internal sealed partial class Catalogue(RoutingService.RoutingServiceClient routing, InternalCalls calls, TimeProvider timeProvider, ILogger<Catalogue> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private volatile IReadOnlyList<CatalogueEntry>? _known;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    /// <summary>The entries; null while Routing has never answered.</summary>
    public async Task<IReadOnlyList<CatalogueEntry>?> ReadAsync(CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        if (now - _asked < Fresh)
            return _known;

        _asked = now;
        try
        {
            var options = calls.For("", "system", Timeout, cancellationToken);
            _known = (await routing.ListCatalogueAsync(new ListCatalogueRequest(), options)).Entries;
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What was known last is better than nothing: a catalogue changes seldom.
            Log.Away(logger, exception.StatusCode);
        }

        return _known;
    }

    /// <summary>What was read last.</summary>
    public IReadOnlyList<CatalogueEntry>? Known => _known;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Routing's catalogue cannot be read: {Reason}")]
        public static partial void Away(ILogger logger, StatusCode reason);
    }
}
