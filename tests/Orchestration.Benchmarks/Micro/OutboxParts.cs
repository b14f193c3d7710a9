using Microsoft.Extensions.Logging.Abstractions;
using Orchestration.Contracts.Messages;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Outbox;

namespace Orchestration.Benchmarks.Micro;

/// <summary>Appends to the durable outbox on this machine's disk: alone, and with neighbours in one commit.</summary>
internal static class OutboxParts
{
    private const int AppendsAlone = 2_000;
    private const int Writers = 64;
    private const int AppendsEach = 1_000;

    public static IEnumerable<Func<Task<MicroFigure>>> All()
    {
        yield return () => RunAsync("outbox: append, one writer", 1, AppendsAlone);
        yield return () => RunAsync($"outbox: append, {Writers} writers", Writers, AppendsEach);
    }

    private static async Task<MicroFigure> RunAsync(string name, int writers, int appends)
    {
        var folder = Directory.CreateTempSubdirectory("orchestration-outbox-").FullName;
        try
        {
            using var outbox = new Outbox(
                new OutboxOptions { Directory = folder }, new ServiceInfo("benchmark", "0"), TimeProvider.System, NullLogger<Outbox>.Instance);
            await AppendAsync(outbox, writers, appends / 10);
            var start = TimeProvider.System.GetTimestamp();
            await AppendAsync(outbox, writers, appends);
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            return new MicroFigure(name, elapsed.TotalNanoseconds / writers / appends, double.NaN);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task AppendAsync(Outbox outbox, int writers, int appends) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < appends; i++)
                await outbox.AppendAsync(LedgerEvents.Wrap(Completed(), TimeProvider.System.GetUtcNow()), CancellationToken.None);
        })));

    private static RequestCompleted Completed() => new()
    {
        RequestId = Guid.CreateVersion7(),
        Dimensions = new LedgerDimensions
        {
            TenantId = "development", ProjectId = "default", KeyId = "k1", EndUser = "", Purpose = "chat", Route = "openai:gpt-4.1-mini",
            RequestClass = "", PolicyVersion = "1", Currency = "USD", RequestStartedAt = TimeProvider.System.GetUtcNow(),
        },
        RequestedModel = "openai:gpt-4.1-mini",
        Provider = "openai",
        Model = "gpt-4.1-mini",
        Status = "ok",
        Settlement = "exact",
        Cost = 0.0000424m,
        AttemptCount = 1,
        Streamed = true,
        ClientGone = false,
        Simulated = true,
        Cache = "bypass",
        CompletedAt = TimeProvider.System.GetUtcNow(),
        TimeToFirstTokenMs = 12.5,
    };
}
