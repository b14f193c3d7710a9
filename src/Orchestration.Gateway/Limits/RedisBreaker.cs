using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>Leaves Redis alone after failures in a row, and comes back to it only after several trials went well.</summary>
internal sealed class RedisBreaker(IOptions<LimitOptions> options, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private int _failures;
    private int _successes;
    private bool _open;
    private long _openedAt;

    /// <summary>Whether a call may be made. While open, one at a time and not sooner than the pause after the last.</summary>
    public bool MayCall()
    {
        lock (_gate)
        {
            if (!_open)
                return true;
            if (timeProvider.GetElapsedTime(_openedAt) < options.Value.OpenFor / (_successes + 1))
                return false;
            _openedAt = timeProvider.GetTimestamp();
            return true;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
            if (_open && ++_successes >= options.Value.SuccessesBeforeClosed)
                _open = false;
        }
    }

    public void Failed()
    {
        lock (_gate)
        {
            _successes = 0;
            if (++_failures < options.Value.FailuresBeforeOpen)
                return;
            _open = true;
            _openedAt = timeProvider.GetTimestamp();
        }
    }
}
