using System.CommandLine;

namespace Orchestration.Benchmarks.Revocation;

internal static class RevocationCommand
{
    private static readonly Option<int> Gateways = new("--gateways") { Description = "Gateways on one database.", DefaultValueFactory = _ => 3 };
    private static readonly Option<int> Revocations = new("--revocations") { Description = "Keys that are revoked.", DefaultValueFactory = _ => 300 };
    private static readonly Option<int> Clients = new("--clients") { Description = "Clients that go on asking with keys that stay.", DefaultValueFactory = _ => 16 };
    private static readonly Option<double> Bar = new("--bar-p99") { Description = "Longest life of a revoked key on any gateway, p99, milliseconds.", DefaultValueFactory = _ => 1_000 };

    public static Command Create()
    {
        var command = new Command("revocation", "Revokes keys under load and measures how long each gateway goes on taking them.") { Gateways, Revocations, Clients, Bar };
        command.SetAction((arguments, cancellationToken) => new RevocationMeasurement(
            arguments.GetValue(Gateways), arguments.GetValue(Revocations), arguments.GetValue(Clients), arguments.GetValue(Bar)).RunAsync(cancellationToken));
        return command;
    }
}
