using System.Diagnostics.Metrics;
using Orchestration.Providers.Credentials.Pools;

namespace Orchestration.Providers.Credentials;

/// <summary>Instruments of the key pools.</summary>
internal sealed class CredentialTelemetry
{
    private readonly Counter<long> _changes;

    public CredentialTelemetry(IMeterFactory meters, KeyPools pools)
    {
        var meter = meters.Create(ProvidersTelemetry.Name);
        _changes = meter.CreateCounter<long>("orchestration.credential.changes", "{change}", "Changes of a key's state or of its balance's.");
        meter.CreateObservableGauge("orchestration.credential.in_flight", () => Measure(pools, k => k.InFlight), "{request}", "Requests under way by key.");
        meter.CreateObservableGauge("orchestration.credential.balance_low", () => Measure(pools, k => k.Facts.BalanceLow ? 1 : 0), "{key}", "1 while a key's balance is under its warning level.");
    }

    public void Changed(KeyFacts key, string state) =>
        _changes.Add(1, new("provider", key.Provider), new("region", key.Region), new("state", key.BalanceLow && state == "active" ? "balance_low" : state));

    private static IEnumerable<Measurement<int>> Measure(KeyPools pools, Func<KeyView, int> value) => pools.Views().Where(v => v.InUse).Select(v =>
        new Measurement<int>(value(v.Key), new("provider", v.Key.Facts.Provider), new("region", v.Key.Facts.Region), new("credential", v.Key.Facts.Id)));
}
