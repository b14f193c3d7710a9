using System.Globalization;
using Orchestration.AppHost.Local.Processes;
using Orchestration.AppHost.Local.Stores;

namespace Orchestration.AppHost.Local.Running;

/// <summary>The data folder, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "host.lock";
    private static readonly TimeSpan RemainsPatience = TimeSpan.FromSeconds(15);
    private readonly LifeLock _lock;

    private DataFolder(string path, LifeLock taken)
    {
        Path = path;
        _lock = taken;
    }

    public string Path { get; }

    /// <summary>Takes the folder, or says who has it.</summary>
    public static DataFolder? TryOpen(string path, ConsoleLog console)
    {
        DataDirectories.Create(path);
        DataDirectories.Create(System.IO.Path.Combine(path, "run"));
        var taken = LifeLock.TryTake(System.IO.Path.Combine(path, LockName));
        var holder = System.IO.Path.Combine(path, "host.pid");
        if (taken is null)
        {
            var who = File.Exists(holder) ? $" (process {File.ReadAllText(holder).Trim()})" : "";
            console.Error($"Another AppHost{who} runs on {path}. Stop it, or give this one a folder of its own: Orchestration__DataDirectory=… Orchestration__RandomPorts=true.");
            return null;
        }
        File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new(path, taken);
    }

    /// <summary>Deletes the folder and everything in it, unless a host runs on it.</summary>
    public static async Task<int> ResetAsync(string path, ConsoleLog console, CancellationToken cancellationToken)
    {
        if (!File.Exists(System.IO.Path.Combine(path, LockName)))
        {
            // Whatever else lies there was not put there by a host: it is not ours to delete.
            console.Host($"Nothing to reset: no system has run on {path}.");
            return 0;
        }
        using var folder = TryOpen(path, console);
        if (folder is null)
            return 1;
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(path, "run"), "*.life"))
            (await folder.TakeFileAsync(file, console, cancellationToken)).Dispose();
        var postgres = PostgresProcess.FolderElsewhere(System.IO.Path.Combine(path, "postgres"));
        if (Directory.Exists(postgres))
            Directory.Delete(postgres, recursive: true);
        Directory.Delete(path, recursive: true);
        console.Host($"Deleted {path}: stores, keys and passwords begin anew.");
        return 0;
    }

    /// <summary>The lock that a process of this run lives under; waits for what a killed host has left behind.</summary>
    public Task<LifeLock> TakeLifeAsync(string name, ConsoleLog console, CancellationToken cancellationToken) =>
        TakeFileAsync(System.IO.Path.Combine(Path, "run", name + ".life"), console, cancellationToken);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            File.Delete(System.IO.Path.Combine(Path, "host.pid"));
        _lock.Dispose();
    }

    private async Task<LifeLock> TakeFileAsync(string file, ConsoleLog console, CancellationToken cancellationToken)
    {
        if (LifeLock.TryTake(file) is { } free)
            return free;
        console.Host($"Waiting for the end of {System.IO.Path.GetFileNameWithoutExtension(file)}, left by an earlier run.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RemainsPatience);
        try
        {
            return await LifeLock.TakeAsync(file, shared: false, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{file} is still locked by a process of an earlier run of {Path}.");
        }
    }
}
