using System.CommandLine;

namespace Orchestration.Benchmarks.Gateway;

internal static class GatewayCommand
{
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Model that is asked for, vendor:id.",
        DefaultValueFactory = _ => "openai:gpt-4.1-mini",
    };

    private static readonly Option<int[]> Clients = new("--clients")
    {
        Description = "Concurrent clients, one measurement each.",
        DefaultValueFactory = _ => [1, 16],
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of one slice.", DefaultValueFactory = _ => 2 };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Slices per target, interleaved.", DefaultValueFactory = _ => 5 };
    private static readonly Option<int> WarmUp = new("--warm-up") { Description = "Requests per target before measuring.", DefaultValueFactory = _ => 15_000 };
    private static readonly Option<int> Tokens = new("--tokens") { Description = "Tokens of an answer.", DefaultValueFactory = _ => 32 };
    private static readonly Option<bool> Stream = new("--stream") { Description = "Ask for streams." };
    private static readonly Option<int> Hops = new("--hops") { Description = "gRPC hops of the bare chain, 1 or 2.", DefaultValueFactory = _ => 2 };
    private static readonly Option<bool> WithoutSystem = new("--without-system") { Description = "Measure only what the gateway is compared with." };
    private static readonly Option<double?> MaxAddedP99 = new("--max-added-p99-ms") { Description = "Bar on the added p99 with one client." };
    private static readonly Option<double?> MaxCpu = new("--max-cpu-us") { Description = "Bar on CPU time per request over all our processes, microseconds." };
    private static readonly Option<double?> MaxCpuRatio = new("--max-cpu-ratio") { Description = "Bar on CPU time per request against the bare hops." };

    public static Command Create()
    {
        var command = new Command("gateway", "Requests per second, latency and CPU added by the gateway, against a direct call, nginx and bare hops.")
        {
            Model, Clients, Seconds, Rounds, WarmUp, Tokens, Stream, Hops, WithoutSystem, MaxAddedP99, MaxCpu, MaxCpuRatio,
        };
        command.SetAction((arguments, cancellationToken) => new GatewayMeasurement(new GatewayPlan(
            Running.ModelName.Parse(arguments.GetValue(Model)!),
            arguments.GetValue(Clients)!,
            TimeSpan.FromSeconds(arguments.GetValue(Seconds)),
            arguments.GetValue(Rounds),
            arguments.GetValue(WarmUp),
            arguments.GetValue(Tokens),
            arguments.GetValue(Stream),
            arguments.GetValue(Hops),
            arguments.GetValue(WithoutSystem),
            arguments.GetValue(MaxAddedP99),
            arguments.GetValue(MaxCpu),
            arguments.GetValue(MaxCpuRatio))).RunAsync(cancellationToken));
        return command;
    }
}

internal sealed record GatewayPlan(
    Running.ModelName Model,
    int[] Clients,
    TimeSpan Slice,
    int Rounds,
    int WarmUpRequests,
    int Tokens,
    bool Stream,
    int Hops,
    bool WithoutSystem,
    double? MaxAddedP99,
    double? MaxCpu,
    double? MaxCpuRatio);
