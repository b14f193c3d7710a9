using System.Collections.Concurrent;
using System.Text;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Chat;

public sealed class CutStreamTests(ProvidersFixture fixture)
{
    private const string ChunkedHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

    private static readonly string[] Stream =
    [
        """{"choices":[{"index":0,"delta":{"role":"assistant"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"Hello"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":" world"}}]}""",
        """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2}}""",
        "[DONE]",
    ];

    private static readonly byte[] Recorded =
        Encoding.UTF8.GetBytes(string.Concat(Stream.Select(d => OpenAIWire.Chunked($"data: {d}\n\n"))) + "0\r\n\r\n");

    /// <summary>The first cut after which the answer is complete: the end marker and the line end behind it were read.</summary>
    private static readonly int Complete = Encoding.UTF8.GetString(Recorded).IndexOf("[DONE]\n", StringComparison.Ordinal) + "[DONE]\n".Length;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_at_any_byte_is_an_error_and_never_a_finish(bool reset)
    {
        var cuts = Enumerable.Range(0, Recorded.Length).ToArray();
        var requests = new ConcurrentBag<Guid>();
        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (cut, _) =>
        {
            var name = $"cut-{cut}-{reset}";
            var url = fixture.Upstream.Script(name, async e =>
            {
                await e.SendAsync(ChunkedHead);
                await e.SendAsync(Recorded.AsMemory(0, cut));
                if (reset) e.Reset();
            });
            var plan = Plans.Plan(Plans.Candidate(name, url));
            plan.Rules.MaxAttempts = 1;

            var answer = await Answer.OfAsync(fixture, plan);

            // Past the end marker nothing is missing from the answer, so both endings are honest.
            if (answer.Error is null) cut.ShouldBeGreaterThanOrEqualTo(Complete);
            (answer.Count(Kind.Finish) > 0).ShouldBe(answer.Error is null, $"cut at {cut}");
            "Hello world".ShouldStartWith(answer.Text);
            var committed = answer.Count(Kind.ResponseStarted) == 1;
            committed.ShouldBe(answer.Text.Length > 0, $"cut at {cut}");
            answer.Summary.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe(
                answer.Error is null ? AttemptOutcome.Succeeded : committed ? AttemptOutcome.Broken : AttemptOutcome.Failed, $"cut at {cut}");
            if (answer.Error is not null) answer.Summary.Settlement.ShouldBe(Settlement.Estimated);
            requests.Add(answer.RequestId);
        });

        var witnesses = fixture.Witnesses();
        requests.Count.ShouldBe(cuts.Length);
        requests.Select(id => witnesses[id]).Distinct().ShouldBe([(1, 1)]);
    }

    [Fact]
    public async Task Break_after_the_first_token_is_never_answered_by_another_provider()
    {
        var bad = fixture.Upstream.Script("broken", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hel")]));
        });
        var good = fixture.Upstream.Script("broken-next", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("broken", bad), Plans.Candidate("broken-next", good)));

        answer.Text.ShouldBe("Hel");
        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderTruncated);
        answer.IndexOf(Kind.Error).ShouldBe(answer.Events.Count - 2);
        answer.Count(Kind.Finish).ShouldBe(0);
        fixture.Upstream.Requests("broken-next").ShouldBeEmpty();
        var completed = fixture.Completed(answer.RequestId).ShouldHaveSingleItem();
        (completed.Outcome, completed.Settlement, completed.Usage.Input).ShouldBe(("broken", "estimated", 11));
    }

    [Fact]
    public async Task Error_in_the_middle_of_a_stream_is_told_once()
    {
        var url = fixture.Upstream.Script("mid-error", async e =>
        {
            await e.BeginStreamAsync();
            await e.SendAsync(OpenAIWire.AsBody([OpenAIWire.Role, OpenAIWire.Content("Hel"), OpenAIWire.Error("server_error", "stack trace")]));
        });

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("mid-error", url)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderError);
        answer.Count(Kind.Finish).ShouldBe(0);
        answer.Outcomes.ShouldBe([AttemptOutcome.Broken]);
    }
}
