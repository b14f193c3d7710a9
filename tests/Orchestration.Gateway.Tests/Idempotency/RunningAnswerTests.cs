using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway.Tests.Idempotency;

public sealed class RunningAnswerTests
{
    private static readonly AnswerHead Head = new(200, new Dictionary<string, string>());

    private readonly RunningAnswer _answer = new(Guid.CreateVersion7(), limit: 100, limitAlone: 10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follower_waits_for_what_it_does_not_know()
    {
        _answer.Begin(Head);
        _answer.TryAppend("one"u8).ShouldBeTrue();
        (await _answer.ReadAsync(0, Cancellation)).Bytes.ToArray().ShouldBe("one"u8.ToArray());
        var waiting = _answer.ReadAsync(3, Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        _answer.TryAppend("two"u8).ShouldBeTrue();

        var part = await waiting;
        part.Bytes.ToArray().ShouldBe("two"u8.ToArray());
        part.State.ShouldBe(AnswerState.Running);
        _answer.End(AnswerState.Whole);
        (await _answer.ReadAsync(6, Cancellation)).State.ShouldBe(AnswerState.Whole);
    }

    [Fact]
    public async Task Answer_that_outgrows_its_limit_is_let_go()
    {
        _answer.TryAppend(new byte[10]).ShouldBeTrue();

        _answer.TryAppend(new byte[1]).ShouldBeFalse();

        _answer.IsTooLarge.ShouldBeTrue();
        _answer.TryFollow().ShouldBeFalse();
        (await _answer.ReadAsync(10, Cancellation)).State.ShouldBe(AnswerState.Lost);
    }

    [Fact]
    public void Answer_that_is_followed_may_grow_larger()
    {
        _answer.TryFollow().ShouldBeTrue();

        _answer.TryAppend(new byte[100]).ShouldBeTrue();
    }

    [Fact]
    public void Owner_that_leaves_alone_is_heard_of_at_once()
    {
        var deserted = 0;

        _answer.OwnerLeft(() => deserted++);

        deserted.ShouldBe(1);
        _answer.TryFollow().ShouldBeFalse();
    }

    [Fact]
    public void Owner_that_leaves_followers_behind_is_heard_of_when_the_last_has_gone()
    {
        var deserted = 0;
        _answer.TryFollow().ShouldBeTrue();
        _answer.TryFollow().ShouldBeTrue();

        _answer.OwnerLeft(() => deserted++);
        _answer.StopFollowing();
        deserted.ShouldBe(0);
        _answer.StopFollowing();

        deserted.ShouldBe(1);
        _answer.TryFollow().ShouldBeFalse();
    }
}
