using Microsoft.Extensions.AI;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Chat.V1;
using static Orchestration.Client.Tests.Hosting.Answers;

namespace Orchestration.Client.Tests.Chat;

public sealed class ChatUpdatesTests
{
    [Fact]
    public void Tool_call_is_given_out_whole_when_it_ends()
    {
        var updates = new ChatUpdates("request-1", tries: 1);

        updates.From(Start(PartKind.ToolCall, call: new ToolCall { Id = "call-1", Name = "weather" })).ShouldBeNull();
        updates.From(Delta("{\"city\":")).ShouldBeNull();
        updates.From(Delta("\"Köln\"}", signature: "c2ln")).ShouldBeNull();
        var call = (FunctionCallContent)updates.From(Stop())!.Contents.Single();

        (call.CallId, call.Name, call.Arguments!["city"]!.ToString()).ShouldBe(("call-1", "weather", "Köln"));
        ToolArguments.Write(call).ShouldBe(new ToolCall { Id = "call-1", Name = "weather", Arguments = "{\"city\":\"Köln\"}", Signature = "c2ln" });
    }

    [Fact]
    public void Calls_that_grow_side_by_side_stay_apart()
    {
        var calls = Told(
            Start(PartKind.ToolCall, 0, call: new ToolCall { Id = "a", Name = "one" }),
            Start(PartKind.ToolCall, 1, call: new ToolCall { Id = "b", Name = "two" }),
            Delta("{\"x\":", 0), Delta("{\"y\":", 1), Delta("1}", 0), Delta("2}", 1), Stop(1), Stop(0));

        calls.SelectMany(update => update.Contents).Cast<FunctionCallContent>().Select(call => (call.CallId, ToolArguments.Write(call).Arguments))
            .ShouldBe([("b", "{\"y\":2}"), ("a", "{\"x\":1}")]);
    }

    [Fact]
    public void Refusal_is_given_out_whole()
    {
        var refusal = (ErrorContent)Told(Start(PartKind.Refusal), Delta("I may "), Delta("not."), Stop()).Single().Contents.Single();

        (refusal.Message, refusal.ErrorCode).ShouldBe(("I may not.", "refusal"));
    }

    [Fact]
    public void Cumulative_counts_are_told_once()
    {
        var early = Usage;
        early.OutputTokens = 1;

        var response = Told(Started, Counted(early), Counted(Usage), Finished(FinishReason.Stop), Summarised).ToChatResponse();

        response.Usage!.TotalTokenCount.ShouldBe(25);
    }

    [Fact]
    public void Counts_are_told_even_when_no_summary_comes() =>
        Told(Counted(Usage)).ToChatResponse().Usage!.TotalTokenCount.ShouldBe(25);

    [Fact]
    public void Further_choices_neither_mix_in_nor_change_the_finish_reason()
    {
        var response = Told(
            Start(PartKind.Text), Start(PartKind.Text, choice: 1), Delta("first"), Delta("second", choice: 1),
            Stop(), Finished(FinishReason.Stop), Stop(choice: 1), Finished(FinishReason.Length, choice: 1)).ToChatResponse();

        response.Text.ShouldBe("first");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public void Parts_that_were_never_opened_are_ignored() => Told(Delta("lost"), Stop()).ShouldBeEmpty();

    [Fact]
    public void Events_of_later_versions_are_ignored() => Told(new ChatEvent(), new ChatEvent { KeepAlive = new KeepAlive() }).ShouldBeEmpty();

    [Fact]
    public void Empty_deltas_tell_nothing() => Told(Start(PartKind.Text), Delta(""), Start(PartKind.Reasoning, 1), Delta("", 1)).ShouldBeEmpty();

    private static List<ChatResponseUpdate> Told(params ChatEvent[] events)
    {
        var updates = new ChatUpdates("request-1", tries: 1);
        return [.. events.Select(updates.From).ToList().Append(updates.Complete()).OfType<ChatResponseUpdate>()];
    }
}
