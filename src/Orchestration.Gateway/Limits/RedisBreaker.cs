using Microsoft.Extensions.Options;

namespace Orchestration.Gateway.Limits;

/// <summary>
/// Leaves Redis alone after failures in a row. Requests come back to it only after several whole rounds of the keeper went well, so that
/// neither a Redis that flaps nor one that is slow is felt by them.
/// </summary>
internal sealed class RedisBreaker(IOptions<LimitOptions> options)
{
    private readonly Lock _gate = new();
    private int _failures;
    private int _rounds;
    private bool _open;

    public bool IsOpen
    {
        get
        {
            lock (_gate)
                return _open;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
            _failures = 0;
    }

    /// <summary>True when this failure was the one too many.</summary>
    public bool Failed()
    {
        lock (_gate)
        {
            _rounds = 0;
            if (++_failures < options.Value.FailuresBeforeOpen || _open)
                return false;
            return _open = true;
        }
    }

    /// <summary>A round of the keeper went well; true when it was the last that was missing.</summary>
    public bool RoundSucceeded()
    {
        lock (_gate)
        {
            if (!_open || ++_rounds < options.Value.RoundsBeforeClosed)
                return false;
            (_open, _rounds) = (false, 0);
            return true;
        }
    }
}
