using System.Text.Json;
using Orchestration.Routing.Catalogue;
using Orchestration.Routing.Data;
using Orchestration.Routing.Policy;
using Orchestration.Routing.Prices;

namespace Orchestration.Routing.Serving;

/// <summary>Reads the state: from the store, else from the last known good one on disk, else from what was shipped.</summary>
internal sealed partial class StateSource(RoutingStore store, SnapshotFile snapshots, TimeProvider timeProvider, ILogger<StateSource> logger)
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(5);
    private string? _refusedMark;

    /// <summary>Why the store's newest state is not in use; null when it is.</summary>
    public string? Rejection { get; private set; }

    /// <summary>Raised by whoever in this process changed the store, so that nobody waits for the next poll.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>The state to start with.</summary>
    public async Task<RoutingState> StartAsync(CancellationToken cancellationToken) =>
        await ReadStoreAsync(knownMark: null, cancellationToken) ?? ReadSnapshot() ?? RoutingState.Shipped();

    /// <summary>The store's state when it is newer than a mark and right; null otherwise. A wrong one is reported once.</summary>
    public async Task<RoutingState?> ReadStoreAsync(string? knownMark, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StorePatience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var mark = await store.ReadMarkAsync(either.Token);
            if (mark == knownMark) Rejection = null;
            if (mark == knownMark || mark == _refusedMark) return null;
            if (await store.LoadAsync(either.Token) is not { } stored) return Refuse(mark, "no policy is active");
            return Check(stored);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Rejection is null) Log.StoreAway(logger, exception.GetType().Name);
            Rejection = "The database cannot be read.";
            return null;
        }
    }

    private RoutingState? Check(StoredState stored)
    {
        try
        {
            var catalogue = CatalogueReader.Read(stored.Catalogue.Select(file => ($"{file.Provider}.json", JsonSerializer.SerializeToUtf8Bytes(file, CatalogueJson.Options))));
            var state = RoutingState.Checked(StateOrigin.Store, stored.Mark, stored.PolicyVersion, stored.Policy, catalogue) with { Terms = stored.Terms };
            (Rejection, _refusedMark) = (null, null);
            return state;
        }
        catch (Exception wrong) when (wrong is InvalidPolicyException or InvalidCatalogueException)
        {
            return Refuse(stored.Mark, wrong.Message);
        }
    }

    private RoutingState? Refuse(string mark, string reason)
    {
        _refusedMark = mark;
        Rejection = "The state in the database was refused; the last good one stays in use.";
        Log.Refused(logger, reason);
        return null;
    }

    private RoutingState? ReadSnapshot()
    {
        if (snapshots.Read() is not { } snapshot) return null;
        try
        {
            return RoutingState.Checked(StateOrigin.Snapshot, "", snapshot.PolicyVersion, snapshot.Texts(), ModelCatalogue.From(snapshot.Catalogue))
                with { Terms = snapshot.Terms ?? CommercialTerms.None };
        }
        catch (Exception wrong) when (wrong is InvalidPolicyException or Pricing.InvalidPriceException)
        {
            Log.Refused(logger, wrong.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Policy or catalogue was refused, the last good one stays in use: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Warning, "The database cannot be read ({Reason}); the last good policy and catalogue stay in use")]
        public static partial void StoreAway(ILogger logger, string reason);
    }
}
