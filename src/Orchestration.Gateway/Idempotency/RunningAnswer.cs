namespace Orchestration.Gateway.Idempotency;

/// <summary>An answer that this process is writing, with all of it so far: any number of requests can follow it.</summary>
/// <param name="claimId">Names the run.</param>
/// <param name="limit">Most bytes that are held; an answer that outgrows them cannot be followed.</param>
/// <param name="limitAlone">The same while nobody follows.</param>
internal sealed class RunningAnswer(Guid claimId, int limit, int limitAlone) : IAnswerSource
{
    private const int FirstCapacity = 4096;

    private readonly Lock _gate = new();
    private byte[] _bytes = [];
    private int _length;
    private AnswerHead? _head;
    private AnswerState _state = AnswerState.Running;
    private TaskCompletionSource? _changed;
    private Action? _deserted;
    private int _followers;
    private bool _closed;
    private bool _ownerLeft;

    public Guid ClaimId => claimId;

    public AnswerHead? Head => _head;

    /// <summary>All of the body so far.</summary>
    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(0, _length);

    /// <summary>True when the answer was too large to be held.</summary>
    public bool IsTooLarge { get; private set; }

    public void Begin(AnswerHead head)
    {
        lock (_gate)
            _head ??= head;
    }

    /// <summary>False when the answer is too large; what was held is let go with it.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (IsTooLarge)
                return false;
            if (_length + (long)bytes.Length > (_followers > 0 ? limit : limitAlone))
            {
                (IsTooLarge, _closed, _state, _bytes, _length) = (true, true, AnswerState.Lost, [], 0);
                Tell();
                return false;
            }

            // Followers hold on to parts of the old array, so it is never written to again.
            if (_length + bytes.Length > _bytes.Length)
                Array.Resize(ref _bytes, Math.Max(FirstCapacity, Math.Max(_length + bytes.Length, _bytes.Length * 2)));
            bytes.CopyTo(_bytes.AsSpan(_length));
            _length += bytes.Length;
            Tell();
            return true;
        }
    }

    public void End(AnswerState state)
    {
        lock (_gate)
        {
            if (_state != AnswerState.Running)
                return;
            _state = state;
            Tell();
        }
    }

    /// <summary>False when the answer takes no more followers. Who follows leaves in the end.</summary>
    public bool TryFollow()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _followers++;
            return true;
        }
    }

    public void StopFollowing()
    {
        Action? deserted = null;
        lock (_gate)
        {
            if (--_followers == 0 && _ownerLeft)
                (_closed, deserted) = (true, _deserted);
        }

        deserted?.Invoke();
    }

    /// <summary>The client whose request makes the answer has left; once nobody follows either, the callback is told.</summary>
    public void OwnerLeft(Action deserted)
    {
        lock (_gate)
        {
            (_ownerLeft, _deserted) = (true, deserted);
            if (_followers > 0)
                return;
            _closed = true;
        }

        deserted();
    }

    public async ValueTask<AnswerPart> ReadAsync(int offset, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_state != AnswerState.Running || _length > offset)
                    return new AnswerPart(_head, IsTooLarge ? default : _bytes.AsMemory(offset, _length - offset), _state);
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Tell()
    {
        _changed?.TrySetResult();
        _changed = null;
    }
}
