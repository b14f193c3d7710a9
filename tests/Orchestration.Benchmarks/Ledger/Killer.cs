using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Kills a part of the system without warning and sees to it that it comes back.</summary>
internal sealed class Killer(SystemUnderTest system) : IAsyncDisposable
{
    private const int KillSignal = 9;
    private static readonly TimeSpan RestartPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly List<ChildProcess> _restarted = [];
    private readonly Dictionary<string, int> _own = [];

    public async Task KillAsync(string part, CancellationToken cancellationToken)
    {
        var pid = _own.TryGetValue(part, out var restarted) ? restarted : system.ProcessIds()[part];
        var (command, environment, directory) = (ProcessTable.CommandLine(pid), ProcessTable.EnvironmentOf(pid), ProcessTable.DirectoryOf(pid));
        Screen.Note($"SIGKILL {part} (process {pid})");
        ChildProcess.Signal(pid, KillSignal);
        while (ProcessTable.IsAlive(pid))
            await Task.Delay(Poll, cancellationToken);
        if (await RestartedByHostAsync(part, pid, cancellationToken))
            return;
        var process = ChildProcess.Start(command[0], command[1..], directory, environment, TimeSpan.FromSeconds(30));
        _restarted.Add(process);
        _own[part] = process.Id;
        Screen.Note($"{part} started again as process {process.Id}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _restarted)
            await process.DisposeAsync();
    }

    private async Task<bool> RestartedByHostAsync(string part, int killed, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < RestartPatience)
        {
            if (system.HasExited)
                throw new InvalidOperationException($"The AppHost stopped when {part} was killed.");
            if (system.ProcessIds().TryGetValue(part, out var pid) && pid != killed && ProcessTable.IsAlive(pid))
                return true;
            await Task.Delay(Poll, cancellationToken);
        }
        return false;
    }
}
