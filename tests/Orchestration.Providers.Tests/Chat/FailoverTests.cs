using System.Net;
using System.Net.Sockets;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;
using Kind = Orchestration.Contracts.Chat.V1.ChatEvent.EventOneofCase;

namespace Orchestration.Providers.Tests.Chat;

public sealed class FailoverTests(ProvidersFixture fixture)
{
    private static readonly Dictionary<string, Func<UpstreamExchange, Task>> Failing = new()
    {
        ["status-429"] = e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"), "Retry-After: 7"),
        ["status-500"] = e => e.ReplyAsync(500, "application/json", OpenAIWire.Error("server_error")),
        ["status-503"] = e => e.ReplyAsync(503, "application/json", OpenAIWire.Error("overloaded")),
        ["status-402"] = e => e.ReplyAsync(402, "application/json", OpenAIWire.Error("invalid_request_error", "Insufficient Balance")),
        ["status-404"] = e => e.ReplyAsync(404, "application/json", OpenAIWire.Error("model_not_found")),
        ["html-502"] = e => e.ReplyAsync(502, "text/html", "<html>Bad gateway</html>"),
        ["html-200"] = e => e.ReplyAsync(200, "text/html", "<html>Welcome</html>"),
        ["error-in-200"] = e => e.ReplyJsonAsync(OpenAIWire.Error("server_error")),
        ["error-in-stream"] = async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Error("server_error"));
        },
        ["empty-200"] = e => e.ReplyAsync(200, "text/event-stream", ""),
        ["garbage-json"] = e => e.ReplyJsonAsync("""{"id":"r-1","choices":[{"""),
        ["garbage-http"] = e => e.SendAsync("SMTP ready\r\n\r\n"),
        ["redirect"] = e => e.ReplyAsync(302, "text/plain", "", "Location: http://127.0.0.1/elsewhere"),
        ["compressed"] = e => e.ReplyAsync(200, "application/json", "xx", "Content-Encoding: gzip"),
        ["role-then-cut"] = async e =>
        {
            await e.BeginStreamAsync();
            await e.SendDataAsync(OpenAIWire.Role);
        },
        ["silent"] = e => e.HoldAsync(),
        ["keep-alives-only"] = async e =>
        {
            await e.BeginStreamAsync();
            while (!e.Stopping.IsCancellationRequested)
            {
                await e.SendAsync(": keep-alive\n\n");
                await Task.Delay(50, e.Stopping);
            }
        },
    };

    public static TheoryData<string, string, string> Cases => new()
    {
        { "refused", "upstream_unreachable", "released" },
        { "status-429", "", "released" },
        { "status-500", "", "released" },
        { "status-503", "", "released" },
        { "status-402", "", "released" },
        { "status-404", "", "released" },
        { "html-502", "", "released" },
        { "html-200", "upstream_protocol", "released" },
        { "error-in-200", "", "estimated" },
        { "error-in-stream", "", "estimated" },
        { "empty-200", "", "estimated" },
        { "garbage-json", "upstream_protocol", "estimated" },
        { "garbage-http", "upstream_protocol", "estimated" },
        { "redirect", "upstream_redirect", "released" },
        { "compressed", "upstream_protocol", "released" },
        { "role-then-cut", "", "estimated" },
        { "silent", "first_token_timeout", "estimated" },
        { "keep-alives-only", "first_token_timeout", "estimated" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Failure_before_the_first_token_moves_to_the_next_candidate(string how, string code, string settlement)
    {
        var bad = how == "refused" ? $"http://127.0.0.1:{ClosedPort()}/v1" : fixture.Upstream.Script($"bad-{how}", Failing[how]);
        var good = fixture.Upstream.Script($"good-{how}", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate($"bad-{how}", bad), Plans.Candidate($"good-{how}", good));
        plan.Rules.FirstTokenTimeout = Plans.Milliseconds(300);

        var answer = await Answer.OfAsync(fixture, plan);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Count(Kind.AttemptStarted).ShouldBe(2);
        answer.Events.Single(e => e.ResponseStarted is not null).ResponseStarted.Deployment.ShouldBe($"good-{how}");
        answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        answer.Summary.Attempts[0].TimeToFirstToken.ShouldBeNull();
        if (code.Length > 0) answer.Summary.Attempts[0].Failure.Code.ShouldBe(code);

        fixture.Ledger(answer.RequestId).Count.ShouldBe(4);
        var completed = fixture.Completed(answer.RequestId).OrderBy(c => c.Ordinal).ToList();
        completed.Select(c => c.Outcome).ShouldBe(["failed", "succeeded"]);
        completed.Select(c => c.Settlement).ShouldBe([settlement, "exact"]);
        (completed[0].Cost == 0m).ShouldBe(settlement == "released");
        fixture.Upstream.Requests($"good-{how}").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Refused_connection_fails_over_within_fifty_milliseconds()
    {
        var good = fixture.Upstream.Script("fast-good", OpenAIWire.AnswerAsync);
        var bad = $"http://127.0.0.1:{ClosedPort()}/v1";
        await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("warm", bad), Plans.Candidate("fast-good", good)));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("fast-bad", bad), Plans.Candidate("fast-good", good)));

        answer.Summary.Attempts[0].Duration.ToTimeSpan().ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
        answer.Summary.Attempts[0].Failure.FailureClass.ShouldBe(FailureClass.ProviderUnreachable);
    }

    [Fact]
    public async Task Request_that_the_provider_calls_invalid_is_not_tried_elsewhere()
    {
        var bad = fixture.Upstream.Script("invalid", e => e.ReplyAsync(400, "application/json", OpenAIWire.Error("invalid_request_error", "bad temperature")));
        var good = fixture.Upstream.Script("invalid-next", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("invalid", bad), Plans.Candidate("invalid-next", good)));

        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderInvalidRequest);
        answer.Count(Kind.AttemptStarted).ShouldBe(1);
        answer.Summary.Settlement.ShouldBe(Settlement.Released);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Content_policy_fails_over_only_if_the_route_says_so(bool allowed, int attempts)
    {
        var bad = fixture.Upstream.Script($"filter-{allowed}", e => e.ReplyAsync(400, "application/json", OpenAIWire.Error("content_filter")));
        var good = fixture.Upstream.Script($"filter-next-{allowed}", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate($"filter-{allowed}", bad), Plans.Candidate($"filter-next-{allowed}", good));
        plan.Rules.FailoverOnContentFilter = allowed;

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Count(Kind.AttemptStarted).ShouldBe(attempts);
        answer.Error?.FailureClass.ShouldBe(FailureClass.ContentFilter);
    }

    [Fact]
    public async Task Too_long_prompt_goes_to_a_larger_context_only()
    {
        var small = fixture.Upstream.Script("small", e => e.ReplyAsync(400, "application/json", OpenAIWire.Error("context_length_exceeded")));
        var same = fixture.Upstream.Script("same", OpenAIWire.AnswerAsync);
        var large = fixture.Upstream.Script("large", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Plans.Candidate("small", small), Plans.Candidate("same", same), Plans.Candidate("large", large));
        plan.Candidates[2].Deployment.ContextWindow = 1_000_000;

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["small", "large"]);
        answer.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Refused_credential_is_told_without_the_key()
    {
        var url = fixture.Upstream.Script("bad-key", e => e.ReplyAsync(401, "application/json", OpenAIWire.Error("authentication_error", "Your api key: ****ab12 is invalid")));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("bad-key", url)));

        (answer.Error!.FailureClass, answer.Error.Code).ShouldBe((FailureClass.ProviderAuth, "provider_auth"));
        answer.Error.Message.ShouldNotContain("ab12");
        answer.Summary.ToString().ShouldNotContain("ab12");
    }

    [Fact]
    public async Task Attempts_are_bounded_by_the_plan()
    {
        var urls = Enumerable.Range(0, 5).Select(i => fixture.Upstream.Script($"bound-{i}", e => e.ReplyAsync(404, "application/json", OpenAIWire.Error("model_not_found"))));
        var plan = Plans.Plan([.. urls.Select((url, i) => Plans.Candidate($"bound-{i}", url))]);
        plan.Rules.MaxAttempts = 2;

        var answer = await Answer.OfAsync(fixture, plan);

        answer.Count(Kind.AttemptStarted).ShouldBe(2);
        answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderModelNotFound);
    }

    [Fact]
    public async Task Last_candidate_is_asked_once_more_after_a_server_error()
    {
        var calls = 0;
        var url = fixture.Upstream.Script("second-time", e => Interlocked.Increment(ref calls) == 1
            ? e.ReplyAsync(500, "application/json", OpenAIWire.Error("server_error"))
            : OpenAIWire.AnswerAsync(e));

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("second-time", url)));

        answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
        answer.Error.ShouldBeNull();
    }

    [Fact]
    public async Task Connection_that_ends_without_a_byte_of_an_answer_is_tried_once_more()
    {
        var calls = 0;
        var url = fixture.Upstream.Script("lost", e => Interlocked.Increment(ref calls) == 1 ? Task.CompletedTask : OpenAIWire.AnswerAsync(e));
        var next = fixture.Upstream.Script("lost-next", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Plans.Candidate("lost", url), Plans.Candidate("lost-next", next)));

        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["lost", "lost"]);
        (answer.Text, answer.Summary.Settlement).ShouldBe(("Hello world", Settlement.Estimated));
    }

    [Fact]
    public async Task Limited_deployments_rest_and_the_earliest_time_is_told()
    {
        var first = fixture.Upstream.Script("limited-30", e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"), "Retry-After: 30"));
        var second = fixture.Upstream.Script("limited-9", e => e.ReplyAsync(429, "application/json", OpenAIWire.Error("rate_limit_exceeded"), "Retry-After: 9"));
        var plan = Plans.Plan(Plans.Candidate("limited-30", first), Plans.Candidate("limited-9", second));

        var asked = await Answer.OfAsync(fixture, plan.Clone());
        var spared = await Answer.OfAsync(fixture, plan.Clone());

        foreach (var answer in new[] { asked, spared })
        {
            answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderRateLimited);
            answer.Error.RetryAfter.ToTimeSpan().ShouldBeInRange(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(9));
        }

        (asked.Summary.Attempts.Count, spared.Summary.Attempts.Count).ShouldBe((2, 0));
        fixture.Upstream.Requests("limited-9").Count.ShouldBe(1);
    }

    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
