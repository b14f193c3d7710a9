using Microsoft.Win32.SafeHandles;

namespace Orchestration.AppHost.Local.Processes;

/// <summary>
/// A lock on a file for as long as this object lives. The kernel releases it when the process dies in any way, which is what
/// guarded processes wait for.
/// </summary>
internal sealed class LifeLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private LifeLock(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>Takes the lock unless somebody else's stands in the way.</summary>
    public static LifeLock? TryTake(string path, bool shared = false)
    {
        try
        {
            if (!shared)
                return new(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            if (!File.Exists(path))
                using (File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite)) { }
            return new(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or FileNotFoundException))
        {
            return null;
        }
    }

    /// <summary>Takes the lock, waiting for those that stand in the way.</summary>
    public static async Task<LifeLock> TakeAsync(string path, bool shared, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path, shared) is { } taken)
                return taken;
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    public void Dispose() => _handle.Dispose();
}
