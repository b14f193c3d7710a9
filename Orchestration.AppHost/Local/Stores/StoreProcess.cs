using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>A backing service that runs as an ordinary process on this machine.</summary>
internal abstract class StoreProcess(StoreSettings settings)
{
    protected StoreSettings Settings { get; } = settings;

    public abstract string ConnectionString { get; }

    /// <summary>Puts files and settings in place; creates the data on the first run.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    public abstract GuardedCommand Command { get; }

    /// <summary>Whether a line of its output is news.</summary>
    public virtual bool IsNews(string line) => line.Length > 0;

    /// <summary>Connects and signs in, as a client would.</summary>
    public abstract Task<bool> AnswersAsync(CancellationToken cancellationToken);

    /// <summary>Waits until the service answers, or says why it never will.</summary>
    public async Task WaitUntilAnsweringAsync(GuardedProcess process, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (process.Completion.IsCompleted)
                throw new InvalidOperationException($"{GetType().Name} ended with {await process.Completion}. {LogTail()}");
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                throw new TimeoutException($"{GetType().Name} did not answer within {patience.TotalSeconds:0} s. {LogTail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private string LogTail() =>
        Settings.LogFile is { } file && File.Exists(file) ? string.Join('\n', File.ReadLines(file).TakeLast(15)) : "";
}
