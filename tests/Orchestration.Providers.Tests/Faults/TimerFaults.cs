using Microsoft.Extensions.Time.Testing;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class TimerFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task U29_slow_first_token_fails_over_also_when_comments_come(bool comments)
    {
        var run = await new FaultCase(host).Asks(async e =>
        {
            if (!comments)
            {
                await e.HoldAsync();
                return;
            }

            await e.BeginStreamAsync();
            await DripAsync(e);
        }).ThenAsksAGoodOne()
            .With(r => r.FirstTokenTimeout = Plans.Milliseconds(300)).AnswersAsync("estimated", "exact");

        (run.First.FailureClass, run.First.Code).ShouldBe((FailureClass.ProviderTimeout, "first_token_timeout"));
    }

    [Fact]
    public async Task U29_keep_alives_before_the_first_token_are_told_and_commit_nothing()
    {
        var run = await new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(": PROCESSING\n\n: PROCESSING\n\n");
        }).ThenAsksAGoodOne().AnswersAsync("estimated", "exact");

        run.Answer.Count(ChatEvent.EventOneofCase.KeepAlive).ShouldBe(2);
        run.Answer.IndexOf(ChatEvent.EventOneofCase.KeepAlive).ShouldBeLessThan(run.Answer.IndexOf(ChatEvent.EventOneofCase.ResponseStarted));
    }

    [Fact]
    public async Task U30_stream_that_falls_silent_is_ended_by_the_idle_timer()
    {
        var run = await new FaultCase(host).Asks(Speaking(e => e.HoldAsync())).ThenAsksAGoodOne()
            .With(r => r.IdleTimeout = Plans.Milliseconds(200)).FailsAsync(FailureClass.ProviderTimeout, "idle_timeout", "estimated");

        run.Answer.Text.ShouldBe("Hello");
    }

    [Fact]
    public async Task U31_drip_that_holds_off_the_idle_timer_is_ended_by_the_maximum_duration() =>
        await new FaultCase(host).Asks(Speaking(DripAsync)).With(r =>
        {
            r.IdleTimeout = Plans.Milliseconds(600);
            r.MaxDuration = Plans.Milliseconds(1200);
        }).FailsAsync(FailureClass.ProviderTimeout, "max_duration", "estimated");

    [Fact]
    public void U31_one_byte_every_five_seconds_is_ended_by_the_least_rate()
    {
        var time = new FakeTimeProvider();
        var options = new ExecutionOptions();
        using var clock = new AttemptClock(time, ExecutionLimits.From(null, options), time.GetTimestamp() + TimeSpan.FromHours(3).Ticks, streamed: true);
        clock.Connected();
        clock.BodyStarted();
        clock.Spoke();
        var began = time.GetTimestamp();
        while (clock.Reason == StopReason.None && time.GetElapsedTime(began) < options.MaxDuration)
        {
            clock.ReadBegins();
            time.Advance(TimeSpan.FromSeconds(5));
            clock.ReadEnds(1);
        }

        clock.Reason.ShouldBe(StopReason.TooSlow);
        time.GetElapsedTime(began).ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(2));
        StopReason.TooSlow.ToFailure().Code.ShouldBe("min_rate");
    }

    [Fact]
    public async Task U32_one_byte_at_a_time_gives_the_same_answer()
    {
        var whole = await new FaultCase(host).ThenAsksAGoodOne().AnswersAsync("exact");

        var split = await new FaultCase(host).Asks(async e =>
        {
            await e.BeginStreamAsync();
            foreach (var character in OpenAIWire.AsBody(OpenAIWire.Stream)) await e.SendAsync(character.ToString());
        }).AnswersAsync("exact");

        Content(split).ShouldBe(Content(whole));
    }

    private static List<string> Content(FaultRun run) =>
    [
        .. run.Answer.Events
            .Where(e => e.EventCase is not (ChatEvent.EventOneofCase.AttemptStarted or ChatEvent.EventOneofCase.ResponseStarted or ChatEvent.EventOneofCase.Summary))
            .Select(e => e.ToString()),
    ];

    private static Func<UpstreamExchange, Task> Speaking(Func<UpstreamExchange, Task> then) => async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(OpenAIWire.AsBody(OpenAIWire.Stream[..2]));
        await then(e);
    };

    private static async Task DripAsync(UpstreamExchange exchange)
    {
        while (!exchange.Stopping.IsCancellationRequested)
        {
            await exchange.SendAsync(": still here\n\n");
            await Task.Delay(50, exchange.Stopping);
        }
    }
}
