using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>Kestrel, gRPC hops and an HttpClient with nothing in between: the floor for a gateway of this shape.</summary>
internal sealed class BareChain : IAsyncDisposable
{
    private readonly Dictionary<string, ChildProcess> _processes = [];

    private BareChain(Uri address) => Address = address;

    public Uri Address { get; }

    public IReadOnlyDictionary<string, int> ProcessIds => _processes.ToDictionary(process => process.Key, process => process.Value.Id);

    /// <param name="upstream">What <c>chat/completions</c> is appended to.</param>
    /// <param name="hops">1: edge and executor; 2: a planner as well.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BareChain> StartAsync(Uri upstream, int hops, CancellationToken cancellationToken)
    {
        var (edge, planner, executor) = (Ports.Free(), Ports.Free(), Ports.Free());
        var chain = new BareChain(At(edge));
        try
        {
            await chain.AddAsync("executor", executor, ["--next", upstream.ToString()], cancellationToken);
            if (hops > 1)
                await chain.AddAsync("planner", planner, [], cancellationToken);
            await chain.AddAsync("edge", edge,
                ["--next", At(executor).ToString(), .. hops > 1 ? ["--planner", At(planner).ToString()] : Array.Empty<string>()], cancellationToken);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values)
            await process.DisposeAsync();
    }

    private static Uri At(int port) => new($"http://127.0.0.1:{port}");

    private async Task AddAsync(string role, int port, string[] arguments, CancellationToken cancellationToken)
    {
        var process = BareHopCommand.Start(role, port, arguments);
        _processes[role] = process;
        await Ports.ListeningAsync(port, process, cancellationToken);
    }
}
