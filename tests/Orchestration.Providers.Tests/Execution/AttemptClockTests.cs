using Microsoft.Extensions.Time.Testing;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers.Tests.Execution;

public sealed class AttemptClockTests
{
    private static readonly ExecutionLimits Limits = new(
        MaxAttempts: 1,
        Connect: TimeSpan.FromSeconds(3),
        FirstToken: TimeSpan.FromSeconds(10),
        Idle: TimeSpan.FromSeconds(5),
        MaxDuration: TimeSpan.FromSeconds(60),
        Total: TimeSpan.FromSeconds(100),
        Drain: null,
        FailoverOnContentFilter: false);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Connect_timer_ends_with_the_first_byte_that_is_sent()
    {
        using var waiting = Start();
        using var connected = Start();
        connected.Connected();

        _time.Advance(TimeSpan.FromSeconds(3));

        (waiting.Reason, connected.Reason).ShouldBe((StopReason.ConnectTimeout, StopReason.None));
        (waiting.RequestSent, connected.RequestSent).ShouldBe((false, true));
        waiting.Token.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void First_token_timer_does_not_care_for_reads()
    {
        using var clock = Reading();
        for (var i = 0; i < 10; i++) Read(clock, 1);

        clock.Reason.ShouldBe(StopReason.FirstTokenTimeout);
    }

    [Fact]
    public void Idle_timer_counts_from_the_last_read()
    {
        using var clock = Reading();
        clock.Spoke();
        for (var i = 0; i < 4; i++) Read(clock, 4);
        clock.Reason.ShouldBe(StopReason.None);

        Read(clock, 5);

        clock.Reason.ShouldBe(StopReason.IdleTimeout);
    }

    [Fact]
    public void Idle_timer_stands_still_while_nobody_takes_what_was_read()
    {
        using var clock = Reading();
        clock.Spoke();

        _time.Advance(TimeSpan.FromSeconds(30));
        clock.Reason.ShouldBe(StopReason.None);
        clock.ReadBegins();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        clock.Reason.ShouldBe(StopReason.None);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        clock.Reason.ShouldBe(StopReason.IdleTimeout);
    }

    [Fact]
    public void Drip_is_ended_by_the_maximum_duration()
    {
        using var clock = Reading();
        clock.Spoke();
        for (var i = 0; i < 60; i++) Read(clock, 1);

        clock.Reason.ShouldBe(StopReason.MaxDuration);
    }

    [Fact]
    public void Total_deadline_comes_before_everything_that_is_due_later()
    {
        using var clock = new AttemptClock(_time, Limits, AttemptClock.Add(_time, _time.GetTimestamp(), TimeSpan.FromSeconds(2)), streamed: true);

        _time.Advance(TimeSpan.FromSeconds(2));

        clock.Reason.ShouldBe(StopReason.TotalDeadline);
    }

    [Fact]
    public void Drain_ends_the_read_and_the_first_reason_stays()
    {
        using var clock = Reading();
        clock.Spoke();
        clock.Drain(TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(2));
        clock.Stop(StopReason.ShuttingDown);

        clock.Reason.ShouldBe(StopReason.DrainEnded);
    }

    [Fact]
    public void Plain_answer_has_no_first_token_timer()
    {
        using var clock = Start(streamed: false);
        clock.Connected();

        _time.Advance(TimeSpan.FromSeconds(59));
        clock.Reason.ShouldBe(StopReason.None);
        _time.Advance(TimeSpan.FromSeconds(1));

        clock.Reason.ShouldBe(StopReason.MaxDuration);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(14, false)]
    public void Answer_that_only_drips_is_ended_after_a_minute(int bytesEveryFourSeconds, bool ended)
    {
        using var clock = Start(limits: Limits with { MinBytesPerMinute = 20, MaxDuration = TimeSpan.FromMinutes(90), Total = TimeSpan.FromMinutes(90) });
        clock.Connected();
        clock.BodyStarted();
        clock.Spoke();
        for (var i = 0; i < 14; i++) Read(clock, 4, bytesEveryFourSeconds);
        clock.Reason.ShouldBe(StopReason.None);

        for (var i = 0; i < 60; i++) Read(clock, 4, bytesEveryFourSeconds);

        clock.Reason.ShouldBe(ended ? StopReason.TooSlow : StopReason.None);
        StopReason.TooSlow.ToFailure().Code.ShouldBe("min_rate");
    }

    private AttemptClock Start(bool streamed = true, ExecutionLimits? limits = null) =>
        new(_time, limits ?? Limits, AttemptClock.Add(_time, _time.GetTimestamp(), (limits ?? Limits).Total), streamed);

    private AttemptClock Reading()
    {
        var clock = Start();
        clock.Connected();
        clock.BodyStarted();
        return clock;
    }

    private void Read(AttemptClock clock, int seconds, int bytes = 100)
    {
        clock.ReadBegins();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        clock.ReadEnds(bytes);
    }
}
