using Npgsql;
using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>The history as it stands once the ledger has caught up.</summary>
internal sealed record History(HistoryReport Report, LedgerState Ledger, int Calls, TimeSpan Took)
{
    private const int ShownProblems = 20;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Rows that no longer change in so many looks will not change any more; those still open stay open.</summary>
    private const int QuietLooks = 6;

    /// <summary>Reads the three records until nothing is missing and no row is open, or nothing changes any more, or time is up.</summary>
    public static Task<History> CatchUpAsync(
        LedgerPlan plan, SystemUnderTest system, IReadOnlyCollection<ClientRecord> clients, SimulatorAdmin simulator, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("the ledger catches up", async status =>
        {
            var ledger = new LedgerDatabase(() => system.Postgres);
            var start = TimeProvider.System.GetTimestamp();
            var (quiet, before) = (0, "");
            while (true)
            {
                var waited = TimeProvider.System.GetElapsedTime(start);
                var late = waited > plan.Drain && waited > (plan.Sweep ?? TimeSpan.Zero);
                try
                {
                    var calls = await simulator.JournalAsync(cancellationToken);
                    var state = await ledger.ReadAsync(cancellationToken);
                    var history = new History(HistoryChecker.Check(clients, calls, state), state, calls.Count, TimeProvider.System.GetElapsedTime(start));
                    status.Status($"lost {history.Report.Lost}, open {state.OpenRequests} requests and {state.OpenAttempts} attempts");
                    quiet = history.Signature == before ? quiet + 1 : 0;
                    before = history.Signature;
                    var settled = quiet >= QuietLooks && plan.Sweep is null && state.Recovered == 0;
                    if (late || (history.Report.Lost == 0 && (settled || history.Open == 0)))
                        return history;
                }
                catch (Exception away) when (!late && away is NpgsqlException or HttpRequestException)
                {
                    // A part that was killed last may still be on its way up.
                }
                await Task.Delay(Poll, TimeProvider.System, cancellationToken);
            }
        });

    public int Open => Ledger.OpenRequests + Ledger.OpenAttempts;

    private string Signature => $"{Ledger.Requests.Count} {Ledger.Attempts.Count} {Ledger.OpenRequests} {Ledger.OpenAttempts}";

    public void Print(ClientJournal clients)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("record", "count");
        foreach (var (name, count) in Lines(clients))
            table.AddRow(name, $"{count}");
        AnsiConsole.Write(table);
        foreach (var status in clients.Records.Where(record => !record.Whole).GroupBy(record => record.Status).OrderBy(group => group.Key))
            Screen.Note($"{status.Count()} answers with status {status.Key} were not whole");
        foreach (var problem in Report.LostRequests.Concat(Report.LostAttempts).Concat(Report.Duplicated).Concat(Report.Mismatched).Take(ShownProblems))
            Screen.Wrong($"{problem}");
    }

    public void Judge(Verdict verdict, LedgerPlan plan)
    {
        verdict.Add($"lost {Report.Lost}, duplicated {Report.Duplicated.Count}, counted otherwise {Report.Mismatched.Count} of {Report.Compared} ({Report.Tokens} tokens)");
        verdict.AtMost("lost", Report.Lost, plan.MaxLost);
        verdict.AtMost("duplicated", Report.Duplicated.Count, plan.MaxDuplicated);
        verdict.Require(Report.Mismatched.Count == 0, $"{Report.Mismatched.Count} attempts are counted otherwise than by the provider");
        verdict.Require(Report.Compared > 0, "no attempt could be compared: nothing is proved");
        verdict.Require(Report.ByTraceOnly == 0, $"{Report.ByTraceOnly} provider calls carried no attempt id ({Report.Unchecked} no trace either)");
        verdict.Require(Ledger.Quarantined == 0, $"{Ledger.Quarantined} events were quarantined");
        if (plan.Sweep is not null || Ledger.Recovered > 0)
            verdict.Require(Open == 0, $"{Open} rows are open after the sweep");
    }

    private IEnumerable<(string Name, long Count)> Lines(ClientJournal clients) =>
    [
        ("questions finished", clients.Finished),
        ("answers that clients have", clients.Records.Count),
        ("of them whole", clients.Records.Count(record => record.Whole)),
        ("tries refused or without answer", clients.Refused),
        ("calls that the provider has", Calls),
        ("requests in the ledger", Ledger.Requests.Count),
        ("attempts in the ledger", Ledger.Attempts.Count),
        ("refused and not in the ledger", Report.Refused),
        ("requests lost", Report.LostRequests.Count),
        ("attempts lost", Report.LostAttempts.Count),
        ("duplicated", Report.Duplicated.Count),
        ("attempts with compared tokens", Report.Compared),
        ("counted otherwise", Report.Mismatched.Count),
        ("requests open", Ledger.OpenRequests),
        ("attempts open", Ledger.OpenAttempts),
        ("rows recovered", Ledger.Recovered),
        ("events quarantined", Ledger.Quarantined),
    ];
}
