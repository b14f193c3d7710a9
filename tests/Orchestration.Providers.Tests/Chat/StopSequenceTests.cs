using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Chat;

namespace Orchestration.Providers.Tests.Chat;

public sealed class StopSequenceTests
{
    [Theory]
    [InlineData("one END two", "one ")]
    [InlineData("one EN", "one EN")]
    [InlineData("END", "")]
    [InlineData("one E ENEND two", "one E EN")]
    [InlineData("aab", "a")]
    [InlineData("nothing to cut", "nothing to cut")]
    public void Text_is_cut_at_the_first_sequence_however_it_is_split(string text, string expected)
    {
        for (var size = 1; size <= text.Length; size++)
        {
            var answer = new Cut("END", "ab");
            answer.Pass(Start(0, PartKind.Text));
            foreach (var piece in text.Chunk(size)) answer.Pass(Delta(0, new string(piece)));
            answer.Pass(Stop(0), Finish(FinishReason.Length));

            answer.Text.ShouldBe(expected, $"in pieces of {size}");
            answer.Events.Count(e => e.PartStop is not null).ShouldBe(1);
            var finish = answer.Events.Single(e => e.Finish is not null).Finish;
            finish.Reason.ShouldBe(expected == text ? FinishReason.Length : FinishReason.Stop);
        }
    }

    [Fact]
    public void Nothing_is_held_back_longer_than_it_could_become_a_sequence()
    {
        var answer = new Cut("\n\nUser:");
        answer.Pass(Start(0, PartKind.Text), Delta(0, "Hello\n\nUse"));
        answer.Text.ShouldBe("Hello");

        answer.Pass(Delta(0, " it\n"));

        answer.Text.ShouldBe("Hello\n\nUse it");
    }

    [Theory]
    [InlineData(PartKind.Reasoning)]
    [InlineData(PartKind.ToolCall)]
    public void Only_visible_text_is_looked_at(PartKind kind)
    {
        var answer = new Cut("END");
        answer.Pass(Start(0, kind), Delta(0, "an END and EN"), Stop(0));
        answer.Text.ShouldBe("an END and EN");
        answer.Stops.AnyMet.ShouldBeFalse();
    }

    [Fact]
    public void What_follows_in_a_choice_is_dropped_and_other_choices_go_on()
    {
        var answer = new Cut(2, "END");
        answer.Pass(Start(0, PartKind.Text), Delta(0, "a END"), Start(1, PartKind.ToolCall), Delta(1, "{}"), Stop(0), Stop(1));
        answer.Pass(new ChatEvent { PartStart = new PartStart { ChoiceIndex = 1, Kind = PartKind.Text } }, new ChatEvent { PartDelta = new PartDelta { ChoiceIndex = 1, Text = "b" } });

        answer.Text.ShouldBe("a b");
        (answer.Stops.AnyMet, answer.Stops.AllMet).ShouldBe((true, false));
        answer.Stops.Finishes().ShouldHaveSingleItem().Finish.StopSequence.ShouldBe("END");
    }

    [Fact]
    public void Request_without_sequences_needs_nothing()
    {
        StopSequences.Of(new ChatRequest()).ShouldBeNull();
        StopSequences.Of(new ChatRequest { Stop = { "" } }).ShouldBeNull();
    }

    private static ChatEvent Start(int part, PartKind kind) => new() { PartStart = new PartStart { PartIndex = part, Kind = kind } };

    private static ChatEvent Delta(int part, string text) => new() { PartDelta = new PartDelta { PartIndex = part, Text = text } };

    private static ChatEvent Stop(int part) => new() { PartStop = new PartStop { PartIndex = part } };

    private static ChatEvent Finish(FinishReason reason) => new() { Finish = new Finish { Reason = reason } };

    private sealed class Cut(int choices, params string[] sequences)
    {
        public Cut(params string[] sequences)
            : this(1, sequences)
        {
        }

        public StopSequences Stops { get; } = StopSequences.Of(new ChatRequest { ChoiceCount = choices, Stop = { sequences } })!;

        public List<ChatEvent> Events { get; } = [];

        public string Text => string.Concat(Events.Select(e => e.PartDelta?.Text));

        public void Pass(params ChatEvent[] events)
        {
            var passed = events.ToList();
            Stops.Apply(passed);
            Events.AddRange(passed);
        }
    }
}
