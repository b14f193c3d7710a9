using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Sends requests while parts die and freeze, then lets the ledger catch up and checks the history.</summary>
internal sealed class LedgerMeasurement(LedgerPlan plan)
{
    private const int FailedCalls = 10;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var steps = FaultSchedule.Create(plan);
        await using var system = await SystemUnderTest.StartAsync(
            new Dictionary<string, string> { ["Orchestration__RestartCrashed"] = "true" }, cancellationToken, plan.Built);
        using var simulator = new SimulatorAdmin(system.Simulator);
        await simulator.SpeedAsync(1, cancellationToken);
        // Long enough that every kill meets requests in flight.
        await simulator.ShapeAsync(plan.Model, 50, 8, 40, cancellationToken);
        await simulator.FaultAsync(plan.Model, "500", FailedCalls, cancellationToken);
        using var clients = new ClientJournal(() => system.Gateway, system.DevelopmentKey, plan.Model.ToString(), plan.Requests);
        var faults = new FaultInjector(system);
        var start = TimeProvider.System.GetTimestamp();
        await SendAsync(clients, faults, steps, cancellationToken);
        var sent = TimeProvider.System.GetElapsedTime(start);
        var history = await History.CatchUpAsync(plan, system, clients.Records, simulator, cancellationToken);
        history.Print(clients);
        return Verdict(clients, faults, history, sent);
    }

    private async Task SendAsync(ClientJournal clients, FaultInjector faults, IReadOnlyList<FaultStep> steps, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(plan.Longest);
        var sending = clients.RunAsync(plan.Clients, time.Token);
        try
        {
            await AnsiConsole.Status().StartAsync("sending", async status =>
            {
                foreach (var step in steps)
                {
                    while (clients.Finished < step.After && !sending.IsCompleted)
                    {
                        status.Status($"{clients.Finished} of {plan.Requests} finished");
                        await Task.WhenAny(sending, Task.Delay(Poll, TimeProvider.System, cancellationToken));
                    }
                    if (sending.IsCompleted)
                        break;
                    var what = step.Frozen is { } frozen ? $"SIGSTOP for {frozen.TotalSeconds:0.0} s" : "SIGKILL";
                    Screen.Note($"{clients.Finished} finished: {what} {string.Join(" and ", step.Parts)}");
                    await faults.DoAsync(step, cancellationToken);
                }
                status.Status("the last requests");
                await sending;
            });
        }
        finally
        {
            await time.CancelAsync();
            await sending;
        }
    }

    private int Verdict(ClientJournal clients, FaultInjector faults, History history, TimeSpan sent)
    {
        var verdict = new Verdict("ledger");
        var kills = faults.Kills.Values.Sum();
        var interrupted = plan.Clients * (faults.KillsOf("gateway") + faults.KillsOf("providers"));
        verdict.Add($"requests {clients.Finished} in {sent.TotalSeconds:0} s, tries refused or without answer {clients.Refused}, provider calls {history.Calls}, ledger {history.Ledger.Requests.Count} requests and {history.Ledger.Attempts.Count} attempts");
        verdict.Add($"kills {kills} ({string.Join(", ", faults.Kills.OrderBy(part => part.Key).Select(part => $"{part.Key} {part.Value}"))}), stops {faults.Stops}, seed {plan.Seed}");
        history.Judge(verdict, plan);
        verdict.Add($"open {history.Ledger.OpenRequests} requests and {history.Ledger.OpenAttempts} attempts, recovered {history.Ledger.Recovered}, caught up in {history.Took.TotalSeconds:0} s");
        verdict.Require(clients.Finished == plan.Requests, $"only {clients.Finished} of {plan.Requests} requests were sent within {plan.Longest.TotalMinutes:0} min");
        verdict.Require(kills == plan.Kills && faults.Stops == plan.Stops, $"only {kills} kills and {faults.Stops} stops came to pass");
        // Each kill of the two that carry requests interrupts no more than the clients had in flight, each with a request and an attempt.
        verdict.AtMost("open", history.Open, 2 * interrupted);
        return verdict.Close();
    }
}
