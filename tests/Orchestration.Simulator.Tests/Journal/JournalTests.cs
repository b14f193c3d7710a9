using System.Text.Json;

namespace Orchestration.Simulator.Tests.Journal;

public sealed class JournalTests(SimulatorHost simulator)
{
    [Fact]
    public async Task Entry_holds_what_was_answered()
    {
        var answer = await simulator.AskAsync("deepseek", Prompts.Chat("deepseek-chat"), ("x-orchestration-attempt", "attempt-held"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        var entry = (await simulator.JournalAsync("deepseek-chat")).Single(item => Attempt(item) == "attempt-held");
        entry.GetProperty("id").GetString().ShouldBe(answer.GetProperty("id").GetString());
        entry.GetProperty("input_tokens").GetInt32().ShouldBe(answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        entry.GetProperty("output_tokens").GetInt32().ShouldBe(answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        entry.GetProperty("trace_id").GetString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        entry.GetProperty("outcome").GetString().ShouldBe("completed");
        entry.GetProperty("bytes_sent").GetInt64().ShouldBeGreaterThan(100);
        entry.GetProperty("currency").GetString().ShouldBe("CNY");
        entry.GetProperty("list_cost").GetDecimal().ShouldBe(
            (entry.GetProperty("input_tokens").GetInt32() * 2m + entry.GetProperty("output_tokens").GetInt32() * 3m) / 1_000_000m);
    }

    [Theory]
    [InlineData("no-such-fault", "completed", 200)]
    [InlineData("500", "failed", 500)]
    [InlineData("rst@10", "cut", 200)]
    [InlineData("error-in-200@1", "failed", 200)]
    public async Task Outcome_tells_how_it_ended(string fault, string outcome, int status)
    {
        var model = $"outcome-{fault[..3]}";
        try
        {
            using var response = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat($"{model}!{fault}", stream: true));
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException)
        {
            // A reset is meant to break the client's read.
        }

        var entry = await FindAsync(fault == "no-such-fault" ? $"{model}!{fault}" : model);
        entry.GetProperty("outcome").GetString().ShouldBe(outcome);
        entry.GetProperty("status").GetInt32().ShouldBe(status);
    }

    [Fact]
    public async Task Client_that_leaves_is_recorded()
    {
        using (var response = await simulator.SendAsync("openai/v1/chat/completions", Prompts.Chat("left-early", stream: true),
            ("x-simulate-speed", "100"), ("x-simulate-fault", "queue=60000")))
            response.EnsureSuccessStatusCode();

        (await FindAsync("left-early")).GetProperty("outcome").GetString().ShouldBe("aborted");
    }

    [Fact]
    public async Task Page_after_the_last_entry_is_empty()
    {
        await simulator.AskAsync("openai", Prompts.Chat("gpt-4.1"));
        var page = JsonDocument.Parse(await simulator.Client.GetStringAsync("simulator/journal?limit=1", TestContext.Current.CancellationToken)).RootElement;

        page.GetProperty("entries").GetArrayLength().ShouldBe(1);
        page.GetProperty("next").GetInt64().ShouldBe(page.GetProperty("entries")[0].GetProperty("seq").GetInt64());
    }

    private static string? Attempt(JsonElement entry) => entry.TryGetProperty("attempt", out var attempt) ? attempt.GetString() : null;

    /// <summary>The server notices the end of a connection a moment after the client.</summary>
    private async Task<JsonElement> FindAsync(string model)
    {
        while (true)
        {
            if (await simulator.JournalAsync(model) is [.., var entry] && entry.GetProperty("outcome").GetString() != "running")
                return entry;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
