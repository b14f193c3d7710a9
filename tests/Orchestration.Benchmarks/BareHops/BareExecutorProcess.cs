using System.Globalization;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.BareHops;

/// <summary>The executor of the bare chain by itself.</summary>
internal sealed class BareExecutorProcess(ChildProcess process, Uri address) : IAsyncDisposable
{
    public int Id => process.Id;

    public Uri Address => address;

    public static async Task<BareExecutorProcess> StartAsync(Uri upstream, CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        var process = BareHopCommand.Start("executor", port, ["--next", upstream.ToString()]);
        await Ports.ListeningAsync(port, process, cancellationToken);
        return new BareExecutorProcess(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
