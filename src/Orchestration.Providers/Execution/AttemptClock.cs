namespace Orchestration.Providers.Execution;

/// <summary>The five timers of an attempt and every other reason to stop it, behind one cancellation token.</summary>
/// <remarks>
/// One timer is armed for whatever is due first and looks again when it fires, so that a read moves no timer: it only
/// notes the time.
/// </remarks>
internal sealed class AttemptClock : IDisposable
{
    private const long Never = long.MaxValue;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _idle;
    private readonly int _minBytesPerMinute;
    private readonly long _maxDurationAt;
    private readonly long _totalAt;
    private long _connectAt;
    private long _firstTokenAt;
    private long _drainAt = Never;
    private long _readingSince = Never;
    private long _bytesOfMinute;
    private TimeSpan _waitedOfMinute;
    private bool _bodyStarted;
    private bool _disposed;

    /// <param name="time">Source of monotonic time.</param>
    /// <param name="limits">The request's rules.</param>
    /// <param name="totalDeadline">Timestamp at which the whole request must be over.</param>
    /// <param name="streamed">False for a plain answer, whose first byte comes with its last: it has no first-token timer.</param>
    public AttemptClock(TimeProvider time, ExecutionLimits limits, long totalDeadline, bool streamed)
    {
        _time = time;
        _idle = limits.Idle;
        _minBytesPerMinute = limits.MinBytesPerMinute;
        StartedAt = time.GetTimestamp();
        _connectAt = After(StartedAt, limits.Connect);
        _firstTokenAt = streamed ? After(StartedAt, limits.FirstToken) : Never;
        _maxDurationAt = After(StartedAt, limits.MaxDuration);
        _totalAt = totalDeadline;
        _timer = time.CreateTimer(static state => ((AttemptClock)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    /// <summary>Timestamp of the start.</summary>
    public long StartedAt { get; }

    /// <summary>Cancelled when the attempt must stop; <see cref="Reason"/> says why.</summary>
    public CancellationToken Token => _stop.Token;

    public StopReason Reason { get; private set; }

    /// <summary>True once a connection was there and the request began to flow.</summary>
    public bool RequestSent => Volatile.Read(ref _connectAt) == Never;

    /// <summary>Time from the start to the first token; null as long as none came.</summary>
    public TimeSpan? TimeToFirstToken { get; private set; }

    public TimeSpan Elapsed => _time.GetElapsedTime(StartedAt);

    /// <summary>A connection was there; the request is being written.</summary>
    public void Connected() => Volatile.Write(ref _connectAt, Never);

    /// <summary>The headers were read: silence counts from now on.</summary>
    public void BodyStarted()
    {
        _bodyStarted = true;
        Look();
    }

    /// <summary>The first token was read.</summary>
    public void Spoke()
    {
        TimeToFirstToken ??= Elapsed;
        Volatile.Write(ref _firstTokenAt, Never);
    }

    public void ReadBegins() => Volatile.Write(ref _readingSince, _time.GetTimestamp());

    /// <summary>A read brought some bytes. A minute of waiting must bring a few: an answer that only drips is no answer.</summary>
    public void ReadEnds(int bytes)
    {
        var since = Interlocked.Exchange(ref _readingSince, Never);
        if (_minBytesPerMinute == 0 || TimeToFirstToken is null || since == Never) return;
        _bytesOfMinute += bytes;
        _waitedOfMinute += _time.GetElapsedTime(since);
        if (_waitedOfMinute < TimeSpan.FromMinutes(1)) return;
        if (_bytesOfMinute < _minBytesPerMinute) Stop(StopReason.TooSlow);
        (_bytesOfMinute, _waitedOfMinute) = (0, TimeSpan.Zero);
    }

    /// <summary>Nobody waits for the answer: it may go on this long.</summary>
    public void Drain(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            Stop(StopReason.ClientGone);
            return;
        }

        Volatile.Write(ref _drainAt, After(_time.GetTimestamp(), time));
        Look();
    }

    /// <summary>Stops the attempt; the first reason stays.</summary>
    public void Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_disposed || Reason != StopReason.None) return;
            Reason = reason;
            // Continuations of the upstream read must not run on the thread that stops it, so this only queues them. Outside the lock
            // the source could be disposed of in between.
            _ = _stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
        }

        _timer.Dispose();
        _stop.Dispose();
    }

    private void Look()
    {
        StopReason reason;
        lock (_gate)
        {
            if (_disposed || Reason != StopReason.None) return;
            var now = _time.GetTimestamp();
            (reason, var at) = Next();
            if (now < at)
            {
                // A read that begins later is due an idle time from then at the earliest, so looking once per idle time is enough.
                var due = _time.GetElapsedTime(now, at);
                if (_bodyStarted && due > _idle) due = _idle;
                _timer.Change(due < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : due, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Stop(reason);
    }

    private (StopReason Reason, long At) Next()
    {
        var next = (Reason: StopReason.TotalDeadline, At: _totalAt);
        Consider(StopReason.MaxDuration, _maxDurationAt);
        Consider(StopReason.ConnectTimeout, Volatile.Read(ref _connectAt));
        Consider(StopReason.FirstTokenTimeout, Volatile.Read(ref _firstTokenAt));
        Consider(StopReason.DrainEnded, Volatile.Read(ref _drainAt));
        var readingSince = Volatile.Read(ref _readingSince);
        if (_bodyStarted && readingSince != Never) Consider(StopReason.IdleTimeout, After(readingSince, _idle));
        return next;

        void Consider(StopReason reason, long at)
        {
            if (at < next.At) next = (reason, at);
        }
    }

    private long After(long timestamp, TimeSpan time) => Add(_time, timestamp, time);

    /// <summary>A timestamp some time after another.</summary>
    public static long Add(TimeProvider time, long timestamp, TimeSpan span) =>
        timestamp + (long)(span.TotalSeconds * time.TimestampFrequency);
}
