using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Providers.Tests.Faults;

/// <summary>What the service counted, for all tests of this process: they tell each other apart by model, vendor and port.</summary>
internal static class FaultMetrics
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<(string Outcome, string Error)>> Attempts = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<(string Instrument, string Vendor, string Kind), int> Counts = new();
    private static readonly ConcurrentDictionary<int, int> Connections = new();
    private static readonly MeterListener Listener = Listen();

    /// <summary>Begins to count; a measure that was made before is lost.</summary>
    public static void Start() => ArgumentNullException.ThrowIfNull(Listener);

    /// <summary>The attempts on a model, each with its outcome and class of error.</summary>
    public static IReadOnlyList<(string Outcome, string Error)> AttemptsOn(string model) => Attempts.TryGetValue(model, out var all) ? [.. all] : [];

    public static int OddAnswers(string vendor, string kind) => Counts.GetValueOrDefault(("orchestration.answers.odd", vendor, kind));

    public static int EventsAfterEnd(string vendor) => Counts.GetValueOrDefault(("orchestration.events.after_end", vendor, ""));

    /// <summary>Waits until a key's change of state was counted; it is told in the background.</summary>
    public static async Task KeyChangedAsync(string vendor, string state)
    {
        for (var tries = 0; tries < 250 && Changes() == 0; tries++) await Task.Delay(20, TestContext.Current.CancellationToken);
        Changes().ShouldBeGreaterThan(0);

        int Changes() => Counts.GetValueOrDefault(("orchestration.credential.changes", vendor, state));
    }

    /// <summary>Connections of the client to a port on which a request is under way.</summary>
    public static int ActiveConnections(int port) => Connections.GetValueOrDefault(port);

    public static string NameOf(FailureClass? failureClass) => failureClass?.ToString() ?? "";

    private static MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == ProvidersTelemetry.Name || instrument.Name == "http.client.open_connections") l.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(Note);
        listener.Start();
        return listener;
    }

    private static void Note(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> measured, object? state)
    {
        var tags = measured.ToArray().ToDictionary();
        string Tag(string name) => tags.GetValueOrDefault(name)?.ToString() ?? "";
        switch (instrument.Name)
        {
            case "orchestration.attempts":
                Attempts.GetOrAdd(Tag(GenAIAttributes.RequestModel), _ => new()).Enqueue((Tag(GenAIAttributes.AttemptOutcome), Tag(GenAIAttributes.ErrorType)));
                break;
            case "orchestration.answers.odd":
                Add((instrument.Name, Tag(GenAIAttributes.ProviderName), Tag("orchestration.answer.oddity")));
                break;
            case "orchestration.events.after_end":
                Add((instrument.Name, Tag(GenAIAttributes.ProviderName), ""), (int)value);
                break;
            case "orchestration.credential.changes":
                Add((instrument.Name, Tag("provider"), Tag("state")));
                break;
            case "http.client.open_connections" when Tag("http.connection.state") == "active" && tags.GetValueOrDefault("server.port") is int port:
                Connections.AddOrUpdate(port, (int)value, (_, old) => old + (int)value);
                break;
        }
    }

    private static void Add((string Instrument, string Vendor, string Kind) key, int count = 1) => Counts.AddOrUpdate(key, count, (_, old) => old + count);
}
