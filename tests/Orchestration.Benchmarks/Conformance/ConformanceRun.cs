using Orchestration.Benchmarks.Running;
using Spectre.Console;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Starts Providers and the simulator, asks, and tells.</summary>
internal sealed class ConformanceRun(string[] only)
{
    private const int AtATime = 4;
    private readonly IReadOnlyList<VendorRow> _rows = [.. VendorRow.All().Where(r => only.Length == 0 || only.Contains(r.Row))];

    public async Task<int> RecordAsync(CancellationToken cancellationToken)
    {
        var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken);
        await using var ended = simulator;
        await using var providers = await ProvidersProcess.StartAsync(cancellationToken);
        using var client = new ExecutionClient(providers);
        Screen.Note($"{await StreamRecorder.RecordAsync(_rows, address, client, cancellationToken)} streams recorded");
        return 0;
    }

    public async Task<int> CheckAsync(bool write, bool disconnect, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken);
        await using var ended = simulator;
        await using var providers = await ProvidersProcess.StartAsync(cancellationToken);
        using var client = new ExecutionClient(providers);
        var table = new ConformanceTable([.. _rows.Zip(await EachAsync(_rows, address, (row, plans, witness, token) => new VendorCheck(row, plans, client, witness).RunAsync(token), cancellationToken))]);
        table.Show();
        var verdict = new Verdict("conformance");
        verdict.Add($"{_rows.Count} vendors, {table.Count(CellMark.Holds)} ✓, {table.Count(CellMark.Absent)} –, {table.Count(CellMark.Missing)} missing, {table.Count(CellMark.Fails)} ✗");
        verdict.Require(table.Count(CellMark.Fails) == 0, "Some fields do not hold.");
        if (only.Length == 0)
            await PairsAsync(client, address, verdict, cancellationToken);
        if (disconnect)
            await LeaveAsync(client, address, verdict, cancellationToken);
        verdict.Add($"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0} s");
        if (write && only.Length == 0)
            table.Write();
        return verdict.Close();
    }

    private async Task PairsAsync(ExecutionClient client, Uri simulator, Verdict verdict, CancellationToken cancellationToken)
    {
        var pairs = new ProtocolPairs(_rows, client, simulator);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("client");
        table.AddColumns([.. ProtocolPairs.Vendors]);
        var held = 0;
        foreach (var from in ProtocolPairs.Clients)
        {
            var cells = new List<CellResult>();
            foreach (var vendor in ProtocolPairs.Vendors)
                cells.Add(await pairs.CheckAsync(from, vendor, cancellationToken));
            table.AddRow([from, .. cells.Select(c => Markup.Escape(c.Mark == CellMark.Fails ? $"{c.Symbol} {c.Reason}" : c.Symbol))]);
            held += cells.Count(c => c.Mark == CellMark.Holds);
        }
        AnsiConsole.Write(table);
        var all = ProtocolPairs.Clients.Count * ProtocolPairs.Vendors.Count;
        verdict.Add($"{held} of {all} protocol pairs");
        verdict.Require(held == all, "A pair of protocols does not hold.");
    }

    private async Task LeaveAsync(ExecutionClient client, Uri simulator, Verdict verdict, CancellationToken cancellationToken)
    {
        using (var admin = new SimulatorAdmin(simulator))
            await admin.SpeedAsync(1, cancellationToken);
        var rows = _rows.Where(r => r.Model.Length > 0 && VendorProfileFacts.Speaks(r.Protocol)).ToList();
        var figures = await EachAsync(rows, simulator, (row, plans, witness, token) => new DisconnectCheck(row, plans, client, witness).RunAsync(token), cancellationToken);
        var table = new Table().Border(TableBorder.Rounded).AddColumns("left halfway", "largest deviation", "");
        foreach (var figure in figures)
            table.AddRow(figure.Row, $"{(figure.Worst * 100).Text("0.0")} %", Markup.Escape(string.Join("; ", figure.Problems)));
        AnsiConsole.Write(table);
        verdict.Add($"left halfway: {figures.Sum(f => f.Problems.Count)} wrong, largest deviation {figures.Max(f => f.Worst) * 100:0.0} %");
        verdict.Require(figures.All(f => f.Problems.Count == 0), "What is charged when a client leaves is wrong.");
    }

    private static async Task<IReadOnlyList<T>> EachAsync<T>(
        IReadOnlyList<VendorRow> rows, Uri simulator, Func<VendorRow, VendorPlans, SimulatorWitness, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var results = new T[rows.Count];
        await Parallel.ForEachAsync(rows.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (item, token) =>
        {
            using var witness = new SimulatorWitness(simulator, item.Item.Provider);
            results[item.Index] = await work(item.Item, new VendorPlans(simulator, item.Item), witness, token);
        });
        return results;
    }
}
