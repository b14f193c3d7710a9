using System.CommandLine;

namespace Orchestration.Benchmarks.Residency;

internal static class ResidencyCommand
{
    private static readonly Option<int> Requests = new("--requests") { Description = "Requests of the bound tenant.", DefaultValueFactory = _ => 10_000 };
    private static readonly Option<int> Control = new("--control") { Description = "Requests of the same tenant, unbound, which must go abroad; 0 leaves the control out.", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Concurrent clients.", DefaultValueFactory = _ => 16 };

    public static Command Create()
    {
        var command = new Command("residency", "Counts connections to deployments abroad while a tenant bound to its region asks for everything and its providers fail.")
        {
            Requests, Control, Clients,
        };
        command.SetAction((arguments, cancellationToken) => new ResidencyMeasurement(
            arguments.GetValue(Requests), arguments.GetValue(Control), arguments.GetValue(Clients)).RunAsync(cancellationToken));
        return command;
    }
}
