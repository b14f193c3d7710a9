namespace Orchestration.Providers.Execution;

/// <summary>
/// The one place that decides which attempt of a request answers it. The first that speaks is let through; all others are withdrawn in the
/// same moment and never let through.
/// </summary>
internal sealed class CommitGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Contender> _contenders = [];
    private Contender? _speaker;

    /// <summary>True once an attempt speaks: nothing else may be started or shown.</summary>
    public bool IsTaken
    {
        get
        {
            lock (_gate) return _speaker is not null;
        }
    }

    /// <summary>A new attempt that may come to speak.</summary>
    public Contender Enter()
    {
        var contender = new Contender(this);
        lock (_gate) _contenders.Add(contender);
        return contender;
    }

    public void Dispose()
    {
        foreach (var contender in _contenders) contender.Dispose();
    }

    private bool TryTake(Contender contender)
    {
        List<Contender> others;
        lock (_gate)
        {
            if (_speaker is not null) return _speaker == contender;
            _speaker = contender;
            others = _contenders.FindAll(c => c != contender);
        }

        foreach (var other in others) other.Withdraw();
        return true;
    }

    /// <summary>One attempt before the gate.</summary>
    internal sealed class Contender(CommitGate gate) : IDisposable
    {
        private readonly CancellationTokenSource _withdrawn = new();

        /// <summary>Cancelled when another attempt answers.</summary>
        public CancellationToken Withdrawn => _withdrawn.Token;

        /// <summary>Asks to speak; true for exactly one attempt of a request, however often it asks.</summary>
        public bool TrySpeak() => gate.TryTake(this);

        // Continuations of the loser's read must not run on the winner's thread.
        public void Withdraw() => _ = _withdrawn.CancelAsync();

        public void Dispose() => _withdrawn.Dispose();
    }
}
