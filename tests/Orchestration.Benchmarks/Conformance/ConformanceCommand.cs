using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Conformance;

internal static class ConformanceCommand
{
    private const int AtATime = 4;

    public static Command Create()
    {
        var command = new Command("conformance", "Every vendor against the simulator's exact shapes of it: what comes out, what is counted, how it fails.");
        var write = new Option<bool>("--write") { Description = "Puts the table into docs/providers.md." };
        var vendors = new Option<string[]>("--vendor") { Description = "Only these lines of the table.", AllowMultipleArgumentsPerToken = true };
        command.Add(write);
        command.Add(vendors);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(write), arguments.GetValue(vendors) ?? [], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(bool write, string[] only, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken);
        await using var ended = simulator;
        await using var providers = await ProvidersProcess.StartAsync(cancellationToken);
        using var client = new ExecutionClient(providers);
        var rows = VendorRow.All().Where(r => only.Length == 0 || only.Contains(r.Row)).ToList();
        var checkedRows = new IReadOnlyDictionary<string, CellResult>[rows.Count];
        await Parallel.ForEachAsync(rows.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (item, token) =>
        {
            using var witness = new SimulatorWitness(address, item.Item.Provider);
            checkedRows[item.Index] = await new VendorCheck(item.Item, new VendorPlans(address, item.Item), client, witness).RunAsync(token);
        });
        var table = new ConformanceTable([.. rows.Zip(checkedRows)]);
        table.Show();
        var verdict = new Verdict("conformance");
        verdict.Add($"{rows.Count} vendors");
        verdict.Add($"{table.Count(CellMark.Holds)} ✓");
        verdict.Add($"{table.Count(CellMark.Absent)} –");
        verdict.Add($"{table.Count(CellMark.Fails)} ✗");
        verdict.Require(table.Count(CellMark.Fails) == 0, "Some fields do not hold.");
        verdict.Add($"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0} s");
        if (write && only.Length == 0)
            table.Write();
        return verdict.Close();
    }
}
