using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Health;

/// <summary>
/// What this replica makes of one deployment's outcomes: healthy, open (left alone), or probing (asked once a second at most). It only
/// judges; who is asked all the same is decided where a plan's candidates are ordered.
/// </summary>
internal sealed class DeploymentBreaker(BreakerOptions options, TimeProvider time)
{
    private const string SlowReason = "slow_first_token";
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private readonly OutcomeWindow _window = new(options.Window, time);
    private readonly FirstTokenWatch _firstTokens = new(options, time);
    private readonly Lock _gate = new();

    // Attempts whose answer has begun and counted, by the timestamp at which they began: their end is not another answer.
    private readonly HashSet<long> _spoken = [];
    private BreakerState _state = BreakerState.Healthy;
    private long _changedAt = long.MinValue;
    private long _nextProbeAt;
    private long _hearsayEndsAt;
    private long? _closedAt;
    private int _inARow;
    private int _openings;
    private int _answered;
    private int _probesAnswered;
    private int _failedSinceOpening;
    private bool _hearsay;
    private string _reason = "";

    public BreakerView Look()
    {
        lock (_gate)
        {
            EndHearsay();
            if (_state == BreakerState.Healthy) return new BreakerView(_state, false, 0, TimeSpan.Zero, "");
            var (successes, failures, slow) = _window.Count();
            var wait = time.GetElapsedTime(time.GetTimestamp(), _nextProbeAt);
            return new BreakerView(
                _state,
                IsDead: _answered == 0 && !_hearsay && (successes + slow == 0 || _failedSinceOpening >= options.ConsecutiveFailures),
                (double)(failures + slow) / Math.Max(1, successes + failures + slow),
                wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                _reason);
        }
    }

    /// <summary>Takes the one probe of this second; false when it is taken already or too early.</summary>
    public bool TryProbe()
    {
        lock (_gate)
        {
            EndHearsay();
            return _state != BreakerState.Healthy && BeginProbe();
        }
    }

    /// <summary>Share of the traffic that the deployment should see: 1 unless it has just recovered.</summary>
    public double Share()
    {
        lock (_gate)
        {
            EndHearsay();
            if (_state != BreakerState.Healthy || _closedAt is not { } since) return 1;
            var share = 0.1 + (0.9 * (time.GetElapsedTime(since) / options.SlowStart));
            if (share < 1) return share;
            (_closedAt, _openings) = (null, 0);
            return 1;
        }
    }

    /// <summary>Takes note of an outcome of an attempt that began at a timestamp.</summary>
    /// <param name="succeeded">Whether it was answered.</param>
    /// <param name="startedAt">Its identity.</param>
    /// <param name="reason">Code of the failure.</param>
    /// <param name="firstToken">How long a streamed answer's first token took; null for others.</param>
    /// <returns>True when the state changed.</returns>
    public bool Record(bool succeeded, long startedAt, string reason, TimeSpan? firstToken = null)
    {
        lock (_gate)
        {
            EndHearsay();
            // What began before the state changed says nothing about the time since.
            if (startedAt < _changedAt) return false;
            var slow = succeeded && firstToken is { } took && _firstTokens.IsSlow(took);
            if (succeeded && firstToken is { } taught) _firstTokens.Learn(taught);
            _window.Add(succeeded, slow);
            _inARow = succeeded ? 0 : _inARow + 1;
            if (slow) return RecordSlow();
            if (_state == BreakerState.Healthy) return !succeeded && IsTooMuch() && Open(reason);
            // Who has no other choice is asked without a probe; once the time has come the outcome is as good as one.
            if (_state == BreakerState.Open) BeginProbe();
            if (succeeded) return !_spoken.Remove(startedAt) && Answered();
            _failedSinceOpening++;
            // Own failures replace what was only heard.
            return (_state == BreakerState.Probing || (_hearsay && _failedSinceOpening >= options.ConsecutiveFailures)) && Open(reason);
        }
    }

    /// <summary>An attempt speaks: as good as an answer for a probe, whose end may be far.</summary>
    /// <returns>True when the state changed.</returns>
    public bool Speaks(long startedAt, TimeSpan? firstToken = null)
    {
        lock (_gate)
        {
            // A slow probe proves nothing; its end is recorded as slow.
            if (firstToken is { } took && _firstTokens.IsSlow(took)) return false;
            return _state == BreakerState.Probing && startedAt >= _changedAt && _spoken.Add(startedAt) && Answered();
        }
    }

    /// <summary>Another replica left the deployment alone. Its word never outlives the longest time that own experience would.</summary>
    public void HearOpen(TimeSpan wait, string reason)
    {
        lock (_gate)
        {
            EndHearsay();
            if (_state != BreakerState.Healthy) return;
            _state = BreakerState.Open;
            _hearsay = true;
            _reason = reason;
            (_answered, _probesAnswered, _failedSinceOpening) = (0, 0, 0);
            var now = time.GetTimestamp();
            _nextProbeAt = AttemptClock.Add(time, now, wait < options.LongestOpenTime ? wait : options.LongestOpenTime);
            _hearsayEndsAt = AttemptClock.Add(time, now, options.LongestOpenTime);
            _changedAt = now;
        }
    }

    /// <summary>Another replica gives the deployment traffic again: what was only heard of ends, own experience is put to a probe now.</summary>
    public void HearHealthy()
    {
        lock (_gate)
        {
            if (_state == BreakerState.Healthy) return;
            if (_hearsay) Close();
            else if (_state == BreakerState.Open) _nextProbeAt = time.GetTimestamp();
        }
    }

    private bool IsTooMuch() => _inARow >= options.ConsecutiveFailures || IsTooLargeAShare();

    private bool IsTooLargeAShare()
    {
        var (successes, failures, slow) = _window.Count();
        var all = successes + failures + slow;
        return all >= options.MinimumAttempts && (failures + slow) * 100L >= (long)options.FailurePercent * all;
    }

    // Only its share counts, never a row: and who answers slowly does answer, so it is not dead.
    private bool RecordSlow()
    {
        if (_state == BreakerState.Open) BeginProbe();
        if (_state == BreakerState.Healthy ? !IsTooLargeAShare() : _state != BreakerState.Probing) return false;
        Open(SlowReason);
        _answered = 1;
        return true;
    }

    private bool Open(string reason)
    {
        // A probe that failed adds to what is known of a deployment that answers nothing.
        // So do own failures while another replica's word stood.
        if ((_state != BreakerState.Probing && !_hearsay) || _answered > 0) (_answered, _failedSinceOpening) = (0, 0);
        var longer = options.OpenTime * Math.Pow(2, Math.Min(_openings++, 10));
        var now = time.GetTimestamp();
        _nextProbeAt = AttemptClock.Add(time, now, Jittered(longer < options.LongestOpenTime ? longer : options.LongestOpenTime, -0.25, 0.25));
        _state = BreakerState.Open;
        _changedAt = now;
        _reason = reason;
        _hearsay = false;
        _probesAnswered = 0;
        _spoken.Clear();
        return true;
    }

    private bool BeginProbe()
    {
        var now = time.GetTimestamp();
        if (now < _nextProbeAt) return false;
        _state = BreakerState.Probing;
        _nextProbeAt = AttemptClock.Add(time, now, Jittered(ProbeInterval, 0, 0.25));
        return true;
    }

    private bool Answered()
    {
        _answered++;
        if (_state != BreakerState.Probing || ++_probesAnswered < options.ProbesToClose) return false;
        Close();
        return true;
    }

    private void EndHearsay()
    {
        if (_hearsay && time.GetTimestamp() >= _hearsayEndsAt) Close();
    }

    private void Close()
    {
        _state = BreakerState.Healthy;
        _closedAt = _changedAt = time.GetTimestamp();
        _hearsay = false;
        (_inARow, _probesAnswered) = (0, 0);
        _spoken.Clear();
        _reason = "";
        _window.Clear();
    }

    private static TimeSpan Jittered(TimeSpan span, double least, double most) =>
        span * (1 + least + (Random.Shared.NextDouble() * (most - least)));
}

/// <summary>A deployment as its breaker sees it now.</summary>
/// <param name="State">Healthy, open or probing.</param>
/// <param name="IsDead">True when nothing was answered of late, so that asking is pointless but for a probe.</param>
/// <param name="FailureShare">Share of failures in the window.</param>
/// <param name="Wait">Time until the next probe may go.</param>
/// <param name="Reason">Code of the failure behind it; empty when healthy.</param>
internal readonly record struct BreakerView(BreakerState State, bool IsDead, double FailureShare, TimeSpan Wait, string Reason);

/// <summary>The states of a breaker.</summary>
internal enum BreakerState
{
    Healthy,
    Open,
    Probing,
}
