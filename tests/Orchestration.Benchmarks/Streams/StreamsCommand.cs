using System.CommandLine;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Streams;

internal static class StreamsCommand
{
    private static readonly Option<string> Model = new("--model") { Description = "Model that is asked for, vendor:id.", DefaultValueFactory = _ => "openai:gpt-4.1-mini" };
    private static readonly Option<int> Streams = new("--streams") { Description = "Concurrent streams.", DefaultValueFactory = _ => 200 };
    private static readonly Option<double> Rate = new("--rate") { Description = "Events per second of one stream.", DefaultValueFactory = _ => 20 };
    private static readonly Option<double> Seconds = new("--seconds") { Description = "Length of one stream.", DefaultValueFactory = _ => 15 };
    private static readonly Option<bool> WithoutSystem = new("--without-system") { Description = "Measure the simulator alone." };
    private static readonly Option<int> SlowReaders = new("--slow-readers") { Description = "Instead: so many clients that read one byte a second of fast streams for --seconds, and what each holds of memory." };
    private static readonly Option<double?> MaxGap = new("--max-added-gap-p99-ms") { Description = "Bar on the p99 of the gap between events, against direct." };
    private static readonly Option<double?> MaxFirst = new("--max-added-first-p50-ms") { Description = "Bar on the added p50 of the first token." };

    public static Command Create()
    {
        var command = new Command("streams", "First token, gaps, memory and CPU of many concurrent streams, against a direct call.")
        {
            Model, Streams, Rate, Seconds, WithoutSystem, SlowReaders, MaxGap, MaxFirst,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var plan = Plan(arguments);
            return plan.SlowReaders > 0 ? new SlowReadersMeasurement(plan).RunAsync(cancellationToken) : new StreamsMeasurement(plan).RunAsync(cancellationToken);
        });
        return command;
    }

    private static StreamsPlan Plan(ParseResult arguments) => new(
        ModelName.Parse(arguments.GetValue(Model)!),
        arguments.GetValue(Streams),
        arguments.GetValue(Rate),
        arguments.GetValue(Seconds),
        arguments.GetValue(WithoutSystem),
        arguments.GetValue(SlowReaders),
        arguments.GetValue(MaxGap),
        arguments.GetValue(MaxFirst));
}

internal sealed record StreamsPlan(
    ModelName Model, int Streams, double Rate, double Seconds, bool WithoutSystem, int SlowReaders, double? MaxAddedGap, double? MaxAddedFirst)
{
    public int Events => (int)Math.Round(Rate * Seconds);
}
