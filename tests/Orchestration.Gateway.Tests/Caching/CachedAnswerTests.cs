using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Gateway.Caching;

namespace Orchestration.Gateway.Tests.Caching;

public sealed class CachedAnswerTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);
    private static readonly Summary Summary = new() { Settlement = Settlement.Exact, Cost = new Money { Amount = "0.01", Currency = "USD" }, Attempts = { new AttemptSummary() } };

    private readonly AnswerCollector _collector = new(new CacheUse.Miss("key", "tenant", TimeSpan.FromMinutes(1), ToolCalls: false, Choices: 2), maxBytes: 1024);

    [Fact]
    public void Answer_comes_back_from_its_bytes()
    {
        Answer(choices: 2);
        var answer = _collector.Result(Summary, Now).ShouldNotBeNull();

        var again = CachedAnswer.Parse(answer.ToBytes()).ShouldNotBeNull();

        again.MadeAt.ShouldBe(Now);
        again.Events.ShouldBe(answer.Events);
        again.Started.Model.ShouldBe("m");
        again.Started.AttemptId.ShouldBeEmpty();
        again.Summary.Cost.Amount.ShouldBe("0.01");
        again.Summary.Attempts.ShouldBeEmpty();
    }

    [Fact]
    public void Bytes_of_anything_else_are_no_answer()
    {
        CachedAnswer.Parse([]).ShouldBeNull();
        CachedAnswer.Parse([.. Enumerable.Repeat((byte)255, 100)]).ShouldBeNull();
        CachedAnswer.Parse([1, .. Enumerable.Repeat((byte)255, 100)]).ShouldBeNull();
        CachedAnswer.Parse([2, .. Enumerable.Repeat((byte)0, 100)]).ShouldBeNull();
    }

    [Fact]
    public void Answer_that_lacks_a_choice_its_end_or_its_sum_is_not_kept()
    {
        Answer(choices: 1);
        _collector.Result(Summary, Now).ShouldBeNull();
        Finish(1);
        _collector.Result(null, Now).ShouldBeNull();
        _collector.Result(Summary, Now).ShouldNotBeNull();
    }

    [Fact]
    public void Answer_that_is_too_large_is_not_kept()
    {
        Answer(choices: 2);
        _collector.Add(new ChatEvent { PartDelta = new PartDelta { Text = new string('x', 2000) } });

        _collector.Result(Summary, Now).ShouldBeNull();
    }

    private void Answer(int choices)
    {
        _collector.Add(new ChatEvent { AttemptStarted = new AttemptStarted { AttemptId = "a" } });
        _collector.Add(new ChatEvent { ResponseStarted = new ResponseStarted { AttemptId = "a", Model = "m" } });
        _collector.Add(new ChatEvent { KeepAlive = new KeepAlive() });
        _collector.Add(new ChatEvent { PartStart = new PartStart { Kind = PartKind.Text } });
        _collector.Add(new ChatEvent { PartDelta = new PartDelta { Text = "text" } });
        for (var choice = 0; choice < choices; choice++)
            Finish(choice);
    }

    private void Finish(int choice) => _collector.Add(new ChatEvent { Finish = new Finish { Reason = FinishReason.Stop, ChoiceIndex = choice } });
}
