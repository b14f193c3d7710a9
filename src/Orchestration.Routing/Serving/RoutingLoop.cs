using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orchestration.Routing.Tables;
using Orchestration.ServiceDefaults;

namespace Orchestration.Routing.Serving;

/// <summary>Makes the first table, and the next one whenever policy, catalogue, vendors or a price's validity changes.</summary>
internal sealed partial class RoutingLoop(
    StateSource source,
    SnapshotFile snapshots,
    VendorView vendors,
    RouteTablePublisher publisher,
    IConfiguration configuration,
    IOptions<RoutingOptions> options,
    RoutingTelemetry telemetry,
    TimeProvider timeProvider,
    ILogger<RoutingLoop> logger) : BackgroundService
{
    private RoutingState? _state;
    private VendorSet? _rememberedVendors;
    private DateTimeOffset? _nextPriceChange;
    private bool _fencePassed;
    private volatile string? _rejection;

    /// <summary>Where the state in use comes from; null before the first table.</summary>
    public StateOrigin? Origin => _state?.Origin;

    /// <summary>Why the table in use is not made of the newest state; null when it is.</summary>
    public string? Rejection => _rejection;

    private VendorSet? Vendors => vendors.Current ?? _rememberedVendors;

    /// <exception cref="InvalidOperationException">A production environment would answer with simulated models.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Production)
        {
            await PublishFirstAsync(cancellationToken);
            PassFence();
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (_state is null) await PublishFirstAsync(stoppingToken);
            while (true)
            {
                var (vendorsChanged, storeChanged) = (vendors.Changed.Next, source.Changed.Next);
                await TryRefreshAsync(stoppingToken);
                PassFence();
                await Task.WhenAny(vendorsChanged, storeChanged, Task.Delay(options.Value.PollInterval, timeProvider, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task PublishFirstAsync(CancellationToken cancellationToken)
    {
        var vendorsHeard = vendors.Changed.Next;
        _rememberedVendors = snapshots.Read()?.Vendors is { } known
            ? new VendorSet(known.ToImmutableSortedSet(StringComparer.Ordinal))
            : null;
        var state = await source.StartAsync(cancellationToken);
        if (vendors.Current is null) await Task.WhenAny(vendorsHeard, Task.Delay(options.Value.VendorWait, timeProvider, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        _state = state;
        Publish(state);
    }

    /// <summary>Holds once, at the first table that knows who has a credential; whoever loses one later goes on with what is left.</summary>
    private void PassFence()
    {
        if (_fencePassed || !options.Value.Production || Vendors is null) return;
        if (ProductionFence.Refusal(publisher.Current!) is { } refusal) throw new InvalidOperationException(refusal);
        _fencePassed = true;
    }

    private async Task TryRefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RefreshAsync(cancellationToken);
            _rejection = null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Tried again at every poll, told once.
            if (_rejection is null) Log.RefreshFailed(logger, exception);
            _rejection = "The route table could not be renewed; the last one stays in use.";
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var fresh = await source.ReadStoreAsync(_state!.Mark, cancellationToken);
        var vendorsDiffer = vendors.Current is { } heard && !heard.Equals(publisher.Current!.Inputs.Vendors);
        if (fresh is not null || vendorsDiffer || timeProvider.GetUtcNow() >= _nextPriceChange) Publish(fresh ?? _state);
        // Only now: a state whose table cannot be made must be read again.
        if (fresh is not null) _state = fresh;
    }

    private void Publish(RoutingState state)
    {
        var now = timeProvider.GetUtcNow();
        var configured = Vendors;
        var inputs = new RoutingInputs(state.Policy, state.PolicyVersion, state.Catalogue.With(state.Policy.Models), configured ?? VendorSet.None, SimulatorAddress())
        {
            Terms = state.Terms,
            StoredCatalogue = state.Catalogue,
        };
        var built = RouteTableBuilder.Build(inputs, now);
        _nextPriceChange = new[] { state.Catalogue.NextPriceChange(now), state.Terms.NextChange(now) }.Min();
        telemetry.Unpriced(built.Table.Unpriced.Count);
        if (publisher.Publish(built))
        {
            telemetry.Published();
            Log.Published(logger, built.Table.Version, built.Table.Routes.Count, built.Table.Deployments.Count, built.Problems.Count);
            if (built.Table.Unpriced.Count > 0) Log.Unpriced(logger, built.Table.Unpriced.Count, built.Table.Unpriced[0].Deployment);
        }

        // What was shipped is at hand anyway, and must not replace what the database once said.
        if (state.Origin == StateOrigin.Shipped) return;
        snapshots.Write(new Snapshot
        {
            PolicyVersion = state.PolicyVersion,
            PolicyYaml = state.Texts.Installation,
            Overlays = state.Texts.Overlays.Count > 0 ? state.Texts.Overlays : null,
            Catalogue = state.Catalogue.ToFiles(),
            Terms = state.Terms,
            Vendors = configured is null ? null : [.. configured.Configured],
        });
    }

    private Uri? SimulatorAddress() =>
        !options.Value.Production && configuration[$"services:{ResourceNames.Simulator}:http:0"] is { Length: > 0 } address
            ? new Uri(address.EndsWith('/') ? address : address + "/")
            : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Route table {Version}: {Routes} routes, {Deployments} deployments, {Problems} models cannot be used")]
        public static partial void Published(ILogger logger, string version, int routes, int deployments, int problems);

        [LoggerMessage(LogLevel.Warning, "{Count} deployments are not planned because no price is known for them, the first is {Deployment}")]
        public static partial void Unpriced(ILogger logger, int count, string deployment);

        [LoggerMessage(LogLevel.Error, "The route table could not be renewed; the last one stays in use")]
        public static partial void RefreshFailed(ILogger logger, Exception exception);
    }
}
