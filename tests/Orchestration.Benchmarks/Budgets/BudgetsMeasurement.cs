using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Budgets;

/// <summary>Spends the budgets of two tenants, in USD and in CNY, over several gateways to their end, kills one on the way, and does the sums from the ledger.</summary>
internal sealed class BudgetsMeasurement(BudgetsPlan plan)
{
    private const decimal YuanPerDollar = 7;
    private const decimal LeastUse = 0.9m;
    private const int ShownRefusals = 5;

    /// <summary>Without an answer for so long, nothing fits any more.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CatchUp = TimeSpan.FromMinutes(3);
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var system = await SystemUnderTest.StartAsync(
            new Dictionary<string, string>
            {
                // A request that nobody tells the end of is settled once no client waits for it any more, so that what it held can be spent within the run.
                ["Recovery__OpenFor"] = "00:02:00",
                ["Recovery__Interval"] = "00:00:01",
                ["Gateway__SettlementGrace"] = "00:00:30",
                // What is answered is judged here, not how soon a machine that runs all this at once comes to it.
                ["Budgets__DemandTimeout"] = "00:00:10",
            },
            cancellationToken, plan.Built);
        using (var simulator = new SimulatorAdmin(system.Simulator))
        {
            await simulator.SpeedAsync(1, cancellationToken);
            await simulator.ShapeAsync(plan.Model, 30, 2, 60, cancellationToken);
        }

        BudgetedTenant[] tenants =
        [
            await BudgetedTenant.CreateAsync(system, "USD", plan.Amount, cancellationToken),
            await BudgetedTenant.CreateAsync(system, "CNY", plan.Amount * YuanPerDollar, cancellationToken),
        ];
        var ledger = new BudgetLedger(system.Postgres);
        await using var replicas = new Replicas(system);
        await replicas.StartAsync(plan.Gateways - 1, cancellationToken);
        using var clients = new BudgetClients(plan, tenants, () => replicas.Addresses);
        var began = _time.GetTimestamp();
        var killed = await SpendAsync(clients, replicas, ledger, cancellationToken);
        var took = _time.GetElapsedTime(began);
        var requests = await CaughtUpAsync(ledger, tenants, cancellationToken);
        killed = killed with { Closed = await ledger.ClosedAsync(killed.Held.Select(held => held.LeaseId), cancellationToken) };
        return Report(tenants, clients, requests, await ledger.AccountsAsync(IdsOf(tenants), cancellationToken), killed, took);
    }

    private async Task<KilledGateway> SpendAsync(BudgetClients clients, Replicas replicas, BudgetLedger ledger, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(plan.Longest);
        Screen.Note($"{plan.Clients} clients spend over {plan.Gateways} gateways");
        var spending = clients.RunAsync(stop.Token);
        while (clients.Answered < plan.KillAfter && !stop.IsCancellationRequested)
            await Task.Delay(Poll, _time, cancellationToken);
        var killed = await replicas.KillAsync(ledger, cancellationToken);
        Screen.Note($"{clients.Answered} answered: SIGKILL to a gateway whose leases hold {killed.Held.Count} amounts");
        // What the dead gateway held can be spent only once its leases are closed; nobody may have been answered for minutes by then.
        long? freeSince = null;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Poll, _time, cancellationToken);
            var closed = await ledger.ClosedAsync(killed.Held.Select(held => held.LeaseId), cancellationToken);
            if (closed.Count < killed.Held.Count)
                continue;
            freeSince ??= _time.GetTimestamp();
            if (_time.GetElapsedTime(freeSince.Value) > Quiet && clients.SinceLastAnswer > Quiet)
                break;
        }

        await stop.CancelAsync();
        await spending;
        return killed;
    }

    private async Task<List<SpentRequest>> CaughtUpAsync(BudgetLedger ledger, IReadOnlyList<BudgetedTenant> tenants, CancellationToken cancellationToken)
    {
        Screen.Note($"the ledger catches up");
        var start = _time.GetTimestamp();
        while (true)
        {
            var requests = await ledger.RequestsAsync(tenants.Select(tenant => tenant.Id), cancellationToken);
            var accounts = await ledger.AccountsAsync(IdsOf(tenants), cancellationToken);
            var booked = tenants.All(tenant => tenant.Budgets.All(budget => accounts.GetValueOrDefault(budget.Id)?.Spent == SpentOn(tenant, budget, requests)));
            if ((booked && requests.TrueForAll(request => !request.IsOpen)) || _time.GetElapsedTime(start) > CatchUp)
                return requests;
            await Task.Delay(Poll, _time, cancellationToken);
        }
    }

    private static IEnumerable<Guid> IdsOf(IEnumerable<BudgetedTenant> tenants) => tenants.SelectMany(tenant => tenant.Budgets).Select(budget => budget.Id);

    private static decimal SpentOn(BudgetedTenant tenant, LimitedBudget budget, IEnumerable<SpentRequest> requests) =>
        requests.Where(request => request.TenantId == tenant.Id && tenant.BudgetsOf(request.ProjectId, request.KeyId).Contains(budget)).Sum(request => request.Cost);

    private int Report(
        BudgetedTenant[] tenants, BudgetClients clients, List<SpentRequest> requests, Dictionary<Guid, BudgetAccount> accounts, KilledGateway killed, TimeSpan took)
    {
        var verdict = new Verdict("budgets");
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("budget", "amount", "spent by the ledger", "booked", "use", "over", "late");
        var (over, uncovered, leastUse) = (0m, 0m, 1m);
        foreach (var tenant in tenants)
        {
            foreach (var budget in tenant.Budgets)
            {
                var spent = SpentOn(tenant, budget, requests);
                var account = accounts.GetValueOrDefault(budget.Id) ?? new BudgetAccount(0, 0, 0, 0, 0);
                over += Math.Max(0, spent - budget.Amount) + account.Excess;
                uncovered += account.Late;
                leastUse = Math.Min(leastUse, spent / budget.Amount);
                table.AddRow($"{tenant.Currency} {budget.Name}", $"{budget.Amount:0.####}", $"{spent:0.######}", $"{account.Spent:0.######}", $"{spent / budget.Amount:P2}", $"{Math.Max(0, spent - budget.Amount)}", $"{account.Late}");
                verdict.Require(account.Spent == spent, $"{tenant.Currency} {budget.Name}: {account.Spent} are booked, the ledger has {spent}.");
            }
        }

        AnsiConsole.Write(table);
        var judge = new RefusalJudge(tenants, requests, killed, plan.Recall);
        var wrong = judge.FindFalse(clients.Refusals, withRefused: true);
        var strict = judge.FindFalse(clients.Refusals, withRefused: false);
        foreach (var refusal in wrong.Take(ShownRefusals))
            Screen.Wrong($"{refusal.Heard:HH:mm:ss.fff} {refusal.Tenant.Currency} {refusal.Key.Name} after {(refusal.Heard - refusal.Sent).TotalMilliseconds:0} ms: {refusal.Message}");
        foreach (var (answer, count) in clients.Others)
            Screen.Note($"{count} x {answer}");
        verdict.Add($"{plan.Gateways} gateways, one killed, {plan.Clients} clients, {took.TotalSeconds:0} s: {clients.Answered} answered, {clients.Refusals.Count} refused, {requests.Count} in the ledger");
        verdict.Add($"over {over:0.############}, booked without cover {uncovered:0.############}, least use {leastUse:P2}");
        verdict.Add($"false refusals {wrong.Count} (money free for {plan.Recall.TotalMilliseconds:0} ms before and until it), {strict.Count} when requests that wait for their own refusal reserve nothing");
        verdict.Require(over == 0, $"{over} more was spent than the budgets allow.");
        verdict.Require(uncovered == 0, $"{uncovered} was booked although no lease covered it.");
        verdict.Require(leastUse >= LeastUse, $"Only {leastUse:P1} of a budget was spent.");
        verdict.Require(wrong.Count == 0, $"{wrong.Count} requests were refused although they fit.");
        verdict.Require(requests.TrueForAll(request => !request.IsOpen), "Requests are open.");
        verdict.Require(clients.Refusals.Count > 0 && killed.Held.Count > 0, "Nothing was refused, or the killed gateway held nothing: nothing was proved.");
        verdict.Require(clients.Others.Keys.All(answer => answer == "no answer"), $"Other answers: {string.Join(", ", clients.Others.Select(other => $"{other.Value} x {other.Key}"))}.");
        return verdict.Close();
    }
}
