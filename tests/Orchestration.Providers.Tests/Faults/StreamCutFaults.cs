using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class StreamCutFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    private static readonly string[] Begun = [OpenAIWire.Role, OpenAIWire.Content("Hel")];

    [Fact]
    public async Task U21_stream_cut_before_the_first_event_fails_over() =>
        await ReplacedAsync(new FaultCase(host).Asks(e => e.BeginStreamAsync()));

    [Fact]
    public async Task U22_stream_cut_after_the_role_fails_over() =>
        await ReplacedAsync(new FaultCase(host).Asks(Stream([OpenAIWire.Role])));

    [Fact]
    public async Task U23_stream_cut_by_reset_ends_with_an_error() =>
        await BrokenAsync(WhenHeard(e =>
        {
            e.Reset();
            return Task.CompletedTask;
        }), FailureClass.ProviderTruncated, "upstream_truncated");

    [Fact]
    public async Task U24_stream_that_just_ends_is_a_truncation_and_no_success() =>
        await BrokenAsync(new FaultCase(host).Asks(Stream(Begun)), FailureClass.ProviderTruncated, "upstream_stream_truncated");

    [Fact]
    public async Task U25_chunked_stream_without_its_last_chunk_ends_with_an_error() =>
        await BrokenAsync(
            new FaultCase(host).Asks(async e =>
            {
                await e.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                await e.SendAsync(OpenAIWire.Chunked(OpenAIWire.AsBody(Begun)));
            }),
            FailureClass.ProviderTruncated,
            "upstream_truncated");

    [Fact]
    public async Task U25_chunks_that_are_none_end_with_an_error() =>
        await BrokenAsync(WhenHeard(e => e.SendAsync("zz\r\nnonsense\r\n")), FailureClass.ProviderTruncated, "upstream_truncated");

    [Fact]
    public async Task U26_error_in_the_middle_is_told_as_ours()
    {
        var run = await BrokenAsync(
            new FaultCase(host).Asks(Stream([.. Begun, OpenAIWire.Error("server_error", "at Vendor.Internal.Run() in /srv/app.py:12")])),
            FailureClass.ProviderError,
            "provider_error");

        run.Answer.Error!.Message.Length.ShouldBeLessThan(500);
    }

    [Fact]
    public async Task U26_error_event_of_anthropic_is_told_as_ours() =>
        await BrokenAsync(
            new FaultCase(host).Asks(
                AnthropicWire.Answer([AnthropicWire.Start, .. AnthropicWire.Text(0, "Hel")[..2], AnthropicWire.Error("overloaded_error", "Overloaded")]),
                vendor: "anthropic",
                protocol: Protocol.AnthropicMessages),
            FailureClass.ProviderOverloaded,
            "provider_overloaded");

    [Fact]
    public async Task U27_missing_end_marker_after_a_finish_is_a_success() =>
        (await new FaultCase(host).Asks(Stream(OpenAIWire.Stream[..^1])).AnswersAsync("exact")).Answer.Text.ShouldBe("Hello world");

    [Fact]
    public async Task U28_what_follows_the_end_marker_is_thrown_away_and_counted()
    {
        // No other test streams from this vendor.
        const string vendor = "mistral";
        var counted = FaultMetrics.EventsAfterEnd(vendor);

        var run = await new FaultCase(host).Asks(Stream([.. OpenAIWire.Stream, OpenAIWire.Content("more"), OpenAIWire.Done, OpenAIWire.Done]), vendor).AnswersAsync("exact");

        (run.Answer.Text, run.Answer.Count(ChatEvent.EventOneofCase.Finish)).ShouldBe(("Hello world", 1));
        (FaultMetrics.EventsAfterEnd(vendor) - counted).ShouldBe(3);
    }

    [Fact]
    public async Task U28_end_marker_alone_counts_nothing()
    {
        var counted = FaultMetrics.EventsAfterEnd("mistral");

        await new FaultCase(host).Asks(Stream(OpenAIWire.Stream), "mistral").AnswersAsync("exact");

        FaultMetrics.EventsAfterEnd("mistral").ShouldBe(counted);
    }

    // The text must have reached the client, because a cut may take along what was not read yet.
    private FaultCase WhenHeard(Func<UpstreamExchange, Task> then)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var fault = new FaultCase(host, "U23").Asks(async e =>
        {
            await e.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            await e.SendAsync(OpenAIWire.Chunked(OpenAIWire.AsBody(Begun)));
            await heard.Task;
            await then(e);
        });
        fault.Heard = chatEvent =>
        {
            if (chatEvent.PartDelta is not null) heard.TrySetResult();
        };
        return fault;
    }

    private static async Task ReplacedAsync(FaultCase fault)
    {
        var run = await fault.ThenAsksAGoodOne().AnswersAsync("estimated", "exact");

        run.First.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        run.Answer.Text.ShouldBe("Hello world");
    }

    // The second candidate is there to see that nobody asks it once the answer has begun.
    private static async Task<FaultRun> BrokenAsync(FaultCase fault, FailureClass failureClass, string code)
    {
        var run = await fault.ThenAsksAGoodOne().FailsAsync(failureClass, code, "estimated");

        run.Answer.Text.ShouldBe("Hel");
        run.Answer.Outcomes.ShouldBe([AttemptOutcome.Broken]);
        fault.Requests(1).ShouldBeEmpty();
        return run;
    }

    private static Func<UpstreamExchange, Task> Stream(string[] data) => async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(OpenAIWire.AsBody(data));
    };
}
