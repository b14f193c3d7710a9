using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Sends requests while parts die, then lets the ledger catch up and checks the history.</summary>
internal sealed class LedgerMeasurement(LedgerPlan plan)
{
    private const int ShownProblems = 20;
    private static readonly string[] Victims = ["gateway", "providers", "metrics", "messaging"];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderTest.StartAsync(
            new Dictionary<string, string> { ["Orchestration__RestartCrashed"] = "true" }, cancellationToken);
        await using var killer = new Killer(system);
        using var admin = new SimulatorAdmin(system.Simulator);
        await admin.SpeedAsync(1, cancellationToken);
        // Long enough that every kill meets requests in flight.
        await admin.ShapeAsync(plan.Model, 50, 10, 60, cancellationToken);
        await admin.FaultAsync(plan.Model, "500", Math.Max(1, plan.Requests / 20), cancellationToken);
        using var clients = new ClientJournal(() => system.Gateway, system.DevelopmentKey, plan.Model.ToString(), plan.Requests);
        await SendAsync(clients, killer, cancellationToken);

        using var ledger = new LedgerReader(() => system.Admin, system.AdminKey);
        var (report, rows, calls) = await CatchUpAsync(clients, admin, ledger, cancellationToken);
        Print(report, clients, rows, calls);
        var verdict = new Verdict("ledger");
        verdict.Add($"requests {clients.Records.Count} ({clients.Records.Count(record => record.Whole)} whole, {clients.Refused} tries without answer), provider calls {calls}, ledger rows {rows}");
        verdict.Add($"lost {report.Lost}, duplicated {report.Duplicated.Count}, counted otherwise {report.Mismatched.Count} of {report.Compared}, open {report.Open}, kills {(plan.Kills ? Victims.Length : 0)}");
        verdict.AtMost("lost", report.Lost, plan.MaxLost);
        verdict.AtMost("duplicated", report.Duplicated.Count, plan.MaxDuplicated);
        verdict.Require(report.Mismatched.Count == 0, $"{report.Mismatched.Count} attempts are counted otherwise than by the provider");
        verdict.Require(report.Compared > 0 || report.ByTraceOnly > 0, "no attempt could be compared: nothing is proved");
        verdict.Require(report.Unchecked == 0, $"{report.Unchecked} provider calls carried neither an attempt id nor a trace");
        if (report.ByTraceOnly > 0)
            Screen.Warn($"{report.ByTraceOnly} provider calls carried no attempt id: they were joined by trace only, so tokens and doubled attempts were not compared.");
        return verdict.Close();
    }

    private Task SendAsync(ClientJournal clients, Killer killer, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("sending", async status =>
        {
            var sending = clients.RunAsync(plan.Clients, cancellationToken);
            for (var victim = 0; plan.Kills && victim < Victims.Length; victim++)
            {
                var due = plan.Requests * (victim + 1) / (Victims.Length + 1);
                while (clients.Records.Count < due && !sending.IsCompleted)
                {
                    status.Status($"{clients.Records.Count} of {plan.Requests} answered");
                    await Task.Delay(20, cancellationToken);
                }
                await killer.KillAsync(Victims[victim], cancellationToken);
            }
            await sending;
        });

    private Task<(HistoryReport Report, int Rows, int Calls)> CatchUpAsync(
        ClientJournal clients, SimulatorAdmin admin, LedgerReader ledger, CancellationToken cancellationToken) =>
        AnsiConsole.Status().StartAsync("the ledger catches up", async status =>
        {
            var start = TimeProvider.System.GetTimestamp();
            while (true)
            {
                var late = TimeProvider.System.GetElapsedTime(start) > plan.Drain;
                try
                {
                    var calls = await admin.JournalAsync(cancellationToken);
                    var rows = await ledger.ReadAsync(cancellationToken);
                    var report = HistoryChecker.Check(clients.Records, calls, rows);
                    status.Status($"lost {report.Lost}, open {report.Open}");
                    if (late || (report.Lost == 0 && report.Open == 0))
                        return (report, rows.Count, calls.Count);
                }
                catch (HttpRequestException) when (!late)
                {
                    // A part that was killed last may still be on its way up.
                }
                await Task.Delay(1000, cancellationToken);
            }
        });

    private static void Print(HistoryReport report, ClientJournal clients, int rows, int calls)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("record", "count");
        table.AddRow("answers that clients have", $"{clients.Records.Count}");
        table.AddRow("of them whole", $"{clients.Records.Count(record => record.Whole)}");
        table.AddRow("calls that the provider has", $"{calls}");
        table.AddRow("requests in the ledger", $"{rows}");
        table.AddRow("refused and not in the ledger", $"{report.Refused}");
        table.AddRow("requests lost", $"{report.LostRequests.Count}");
        table.AddRow("attempts lost", $"{report.LostAttempts.Count}");
        table.AddRow("duplicated", $"{report.Duplicated.Count}");
        table.AddRow("attempts with compared tokens", $"{report.Compared}");
        table.AddRow("counted otherwise", $"{report.Mismatched.Count}");
        table.AddRow("still open", $"{report.Open}");
        AnsiConsole.Write(table);
        foreach (var status in clients.Records.Where(record => !record.Whole).GroupBy(record => record.Status).OrderBy(group => group.Key))
            Screen.Note($"{status.Count()} answers with status {status.Key} were not whole");
        foreach (var problem in report.LostRequests.Concat(report.LostAttempts).Concat(report.Duplicated).Concat(report.Mismatched).Take(ShownProblems))
            Screen.Wrong($"{problem}");
    }
}
