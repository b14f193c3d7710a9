using Orchestration.Console.Playground;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Pricing.V1;

namespace Orchestration.Console.Tests.Playground;

public sealed class PlaygroundTurnTests
{
    private readonly PlaygroundTurn _turn = new() { Question = "?" };

    [Fact]
    public void Answer_is_what_is_said_and_not_what_was_thought()
    {
        Take(new ChatEvent { PartStart = new PartStart { PartIndex = 0, Kind = PartKind.Reasoning } }, 1);
        Take(new ChatEvent { PartDelta = new PartDelta { PartIndex = 0, Text = "hm" } }, 2);
        Take(new ChatEvent { PartStart = new PartStart { PartIndex = 1, Kind = PartKind.Text } }, 3);
        Take(new ChatEvent { PartDelta = new PartDelta { PartIndex = 1, Text = "Yes" } }, 4);
        Take(new ChatEvent { PartDelta = new PartDelta { PartIndex = 1, Text = "." } }, 5);

        _turn.Answer.ShouldBe("Yes.");
        _turn.FirstToken.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Who_answered_and_what_it_cost_are_kept()
    {
        Take(new ChatEvent { ResponseStarted = new ResponseStarted { Provider = "openai", Model = "gpt-4.1" } }, 1);
        Take(new ChatEvent { Usage = new Usage { InputTokens = 6, OutputTokens = 9 } }, 2);
        Take(new ChatEvent { Summary = new Summary { Cost = new Money { Amount = "0.01", Currency = "USD" } } }, 3);

        (_turn.Answerer, _turn.Usage!.OutputTokens, _turn.Cost!.Amount).ShouldBe(("openai/gpt-4.1", 9, "0.01"));
    }

    [Fact]
    public void Failure_in_the_middle_is_told_beside_what_was_said()
    {
        Take(new ChatEvent { PartDelta = new PartDelta { Text = "half" } }, 1);
        Take(new ChatEvent { Error = new Failure { Message = "The provider failed." } }, 2);

        (_turn.Answer, _turn.Problem).ShouldBe(("half", "The provider failed."));
    }

    private void Take(ChatEvent told, int seconds) => _turn.Take(told, TimeSpan.FromSeconds(seconds));
}
