using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Ledger;

/// <summary>Kills parts of the system without warning, or stops them for a while, and sees that the AppHost brings the dead back.</summary>
internal sealed class FaultInjector(SystemUnderTest system)
{
    private const int KillSignal = 9;
    private const int ContinueSignal = 18;
    private const int StopSignal = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly Dictionary<string, int> _kills = [];

    /// <summary>SIGKILLs so far, by part.</summary>
    public IReadOnlyDictionary<string, int> Kills => _kills;

    public int Stops { get; private set; }

    public int KillsOf(string part) => _kills.GetValueOrDefault(part);

    public async Task DoAsync(FaultStep step, CancellationToken cancellationToken)
    {
        if (step.Frozen is { } time)
        {
            foreach (var part in step.Parts)
                await FreezeAsync(part, time, cancellationToken);
            return;
        }
        var victims = new List<(string Part, int Process)>();
        foreach (var part in step.Parts)
            victims.Add((part, await ProcessOfAsync(part, 0, cancellationToken)));
        foreach (var (part, process) in victims)
        {
            ChildProcess.Signal(process, KillSignal);
            _kills[part] = KillsOf(part) + 1;
        }
        foreach (var (part, process) in victims)
            await ProcessOfAsync(part, process, cancellationToken);
    }

    /// <summary>Stops a part and all below it, and lets it go on afterwards, come what may.</summary>
    public async Task FreezeAsync(string part, TimeSpan time, CancellationToken cancellationToken)
    {
        var process = await ProcessOfAsync(part, 0, cancellationToken);
        // First itself: what it starts after the list was made would go on.
        Send([process], StopSignal);
        int[] all = [process, .. ProcessTable.DescendantsOf(process)];
        Send(all, StopSignal);
        Stops++;
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            Send(all, ContinueSignal);
        }
    }

    private static void Send(int[] processes, int signal)
    {
        foreach (var process in processes.Where(ProcessTable.IsAlive))
            ChildProcess.TrySignal(process, signal);
    }

    /// <summary>The process of a part that is not the one that was killed.</summary>
    private async Task<int> ProcessOfAsync(string part, int killed, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            if (system.HasExited)
                throw new InvalidOperationException($"The AppHost stopped when {part} was killed.");
            if (system.ProcessIds().TryGetValue(part, out var process) && process != killed && ProcessTable.IsAlive(process))
                return process;
            await Task.Delay(Poll, TimeProvider.System, cancellationToken);
        }
        throw new InvalidOperationException($"{part} did not come back within {Patience.TotalSeconds:0} s.");
    }
}
