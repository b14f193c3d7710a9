using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Orchestration.Benchmarks.BareHops;
using Orchestration.Benchmarks.BareHops.Wire;
using Orchestration.Benchmarks.Running;
using Orchestration.Contracts.Providers.V1;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Benchmarks.Providers;

/// <summary>
/// What Providers costs beside a process that only posts by HttpClient and carries the bytes back: the same upstream, the same
/// gRPC in front, taken in turns in one run.
/// </summary>
internal sealed class ProvidersRatio(ProvidersProcess providers, BareExecutorProcess bare, Uri upstream)
{
    private const int Clients = 8;
    private const int Rounds = 6;

    // The runtime compiles what is hot again in the background; its work is no part of a request.
    private const int WarmUpRounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        """{"model":"gpt-4.1-mini","stream":true,"max_tokens":200,"messages":[{"role":"user","content":"Say hello in a few words."}],"stream_options":{"include_usage":true}}""");

    public static async Task<ProvidersRatioFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        var (simulator, address) = await SimulatorProcess.StartAsync(cancellationToken);
        await using var ended = simulator;
        var upstream = new Uri(address, "openai/v1/");
        await using var providers = await ProvidersProcess.StartAsync(cancellationToken);
        await using var bare = await BareExecutorProcess.StartAsync(upstream, cancellationToken);
        return await new ProvidersRatio(providers, bare, upstream).RunAsync(cancellationToken);
    }

    private async Task<ProvidersRatioFigures> RunAsync(CancellationToken cancellationToken)
    {
        using var providersChannel = GrpcChannel.ForAddress(providers.Address);
        using var bareChannel = GrpcChannel.ForAddress(bare.Address);
        var execute = new ProvidersService.ProvidersServiceClient(providersChannel);
        var executor = new Executor.ExecutorClient(bareChannel);
        var calls = providers.Calls();
        Task ByProviders() => ExecuteAsync(execute, calls, cancellationToken);
        Task ByHttpClient() => PassThroughAsync(executor, cancellationToken);
        for (var round = 0; round < WarmUpRounds; round++)
        {
            await LoadAsync(ByProviders);
            await LoadAsync(ByHttpClient);
        }

        var (ours, floor) = (new Tally(providers.Id), new Tally(bare.Id));
        for (var round = 0; round < Rounds; round++)
        {
            await ours.AddAsync(() => LoadAsync(ByProviders));
            await floor.AddAsync(() => LoadAsync(ByHttpClient));
        }

        return new ProvidersRatioFigures(ours.MicrosecondsPerRequest, floor.MicrosecondsPerRequest);
    }

    private static async Task<int> LoadAsync(Func<Task> request)
    {
        var start = TimeProvider.System.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; TimeProvider.System.GetElapsedTime(start) < Round; count++) await request();
            return count;
        })));
        return counts.Sum();
    }

    private async Task ExecuteAsync(ProvidersService.ProvidersServiceClient client, InternalCalls calls, CancellationToken cancellationToken)
    {
        using var call = client.Execute(calls.For(SamplePlan.Tenant, "chat", TimeSpan.FromSeconds(30), cancellationToken));
        await call.RequestStream.WriteAsync(new ExecuteRequest { Start = SamplePlan.Start(upstream) }, cancellationToken);
        await call.RequestStream.CompleteAsync();
        var finished = false;
        await foreach (var answered in call.ResponseStream.ReadAllAsync(cancellationToken)) finished |= answered.Finish is not null;
        if (!finished) throw new InvalidOperationException("Providers did not finish an answer.");
    }

    private static async Task PassThroughAsync(Executor.ExecutorClient client, CancellationToken cancellationToken)
    {
        using var call = client.Run(new Payload { Body = ByteString.CopyFrom(Body) }, cancellationToken: cancellationToken);
        var bytes = 0;
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken)) bytes += part.Body.Length;
        if (bytes == 0) throw new InvalidOperationException("The pass-through carried nothing back.");
    }

    private sealed class Tally(int pid)
    {
        private double _seconds;
        private int _requests;

        public double MicrosecondsPerRequest => _seconds * 1_000_000 / _requests;

        public async Task AddAsync(Func<Task<int>> load)
        {
            var before = ProcessTable.CpuSecondsOfTree(pid);
            _requests += await load();
            _seconds += ProcessTable.CpuSecondsOfTree(pid) - before;
        }
    }
}

/// <summary>CPU microseconds per streamed request, user and system.</summary>
internal sealed record ProvidersRatioFigures(double Providers, double PassThrough)
{
    public double Ratio => Providers / PassThrough;
}
