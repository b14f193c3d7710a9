using System.Globalization;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Limits;

/// <summary>A Redis that may be frozen and killed, since nobody else uses it.</summary>
internal sealed class OwnRedis : IAsyncDisposable
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly int _port = Ports.Free();
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestration-redis-").FullName;
    private ChildProcess? _process;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = _port.ToString(CultureInfo.InvariantCulture);
        _process = ChildProcess.Start(
            "redis-server", ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder], _folder, new Dictionary<string, string>(), TimeSpan.FromSeconds(5));
        await Ports.ListeningAsync(_port, _process, cancellationToken);
    }

    public async Task FreezeAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        ChildProcess.Signal(_process!.Id, Stop);
        try
        {
            await Task.Delay(time, TimeProvider.System, cancellationToken);
        }
        finally
        {
            ChildProcess.TrySignal(_process.Id, Continue);
        }
    }

    /// <summary>Kills it, and starts an empty one in its place after a while.</summary>
    public async Task ReplaceAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        ChildProcess.Signal(_process!.Id, Kill);
        await _process.DisposeAsync();
        await Task.Delay(pause, TimeProvider.System, cancellationToken);
        await StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
