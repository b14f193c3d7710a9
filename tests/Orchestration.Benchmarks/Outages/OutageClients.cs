using Orchestration.Benchmarks.Ledger;
using Orchestration.Benchmarks.Measuring;

namespace Orchestration.Benchmarks.Outages;

/// <summary>The load: clients of an account with a budget, of one without, and of one without by the route <c>auto</c>.</summary>
internal sealed class OutageClients : IDisposable
{
    private const string Auto = "auto";
    private readonly (string Name, ClientJournal Journal)[] _kinds;

    public OutageClients(Func<Uri> gateway, OutageAccounts accounts, string model) => _kinds =
    [
        ("budget", new ClientJournal(gateway, accounts.Budgeted, model, int.MaxValue)),
        ("no budget", new ClientJournal(gateway, accounts.Free, model, int.MaxValue)),
        (Auto, new ClientJournal(gateway, accounts.Free, Auto, int.MaxValue)),
    ];

    public IEnumerable<string> Kinds => _kinds.Select(kind => kind.Name);

    /// <summary>What all of them have seen.</summary>
    public IReadOnlyList<ClientRecord> Records => [.. _kinds.SelectMany(kind => kind.Journal.Records)];

    public Task RunAsync(int clients, CancellationToken stop) => Task.WhenAll(_kinds.Select(kind => kind.Journal.RunAsync(clients, stop)));

    /// <summary>What one kind saw of requests that were sent within a time.</summary>
    public OutageAnswers Between(string kind, long from, long to)
    {
        var records = _kinds.Single(known => known.Name == kind).Journal.Records.Where(record => record.Started >= from && record.Started < to).ToList();
        var times = new Samples();
        times.Add(records.Where(record => record.Whole).Select(record => record.Milliseconds));
        return new OutageAnswers(records, times);
    }

    public void Dispose()
    {
        foreach (var (_, journal) in _kinds)
            journal.Dispose();
    }
}

/// <param name="Records">Every answer.</param>
/// <param name="Whole">Times of those that came whole.</param>
internal sealed record OutageAnswers(IReadOnlyList<ClientRecord> Records, Samples Whole)
{
    /// <summary>Those that are neither whole nor of a code that is allowed.</summary>
    public IReadOnlyList<ClientRecord> Wrong(params string[] allowed) => [.. Records.Where(record => !record.Whole && !allowed.Contains(record.Code))];

    public IEnumerable<string> Failures => Records.Where(record => !record.Whole).GroupBy(record => $"{record.Status} {record.Code}").Select(group => $"{group.Count()} x {group.Key}");
}
