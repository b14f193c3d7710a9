using System.CommandLine;

namespace Orchestration.Benchmarks.Conformance;

internal static class ConformanceCommand
{
    public static Command Create()
    {
        var command = new Command("conformance", "Every vendor against the simulator's exact shapes of it: what comes out, what is counted, how it fails.");
        var write = new Option<bool>("--write") { Description = "Puts the table into docs/providers.md." };
        var vendors = new Option<string[]>("--vendor") { Description = "Only these lines of the table.", AllowMultipleArgumentsPerToken = true };
        var disconnect = new Option<bool>("--disconnect") { Description = "Also leaves answers halfway.", DefaultValueFactory = _ => true };
        var record = new Option<bool>("--record") { Description = "Only records streams for the tests.", Hidden = true };
        foreach (var option in new Option[] { write, vendors, disconnect, record })
            command.Add(option);
        command.SetAction((arguments, cancellationToken) =>
        {
            var run = new ConformanceRun(arguments.GetValue(vendors) ?? []);
            return arguments.GetValue(record)
                ? run.RecordAsync(cancellationToken)
                : run.CheckAsync(arguments.GetValue(write), arguments.GetValue(disconnect), cancellationToken);
        });
        return command;
    }
}
