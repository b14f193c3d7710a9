using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Data;
using Orchestration.Providers.Health;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class StatusFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    [Theory]
    [InlineData(500, FailureClass.ProviderError, "released")]
    [InlineData(502, FailureClass.ProviderError, "released")]
    [InlineData(503, FailureClass.ProviderOverloaded, "released")]
    [InlineData(504, FailureClass.ProviderTimeout, "estimated")]
    [InlineData(529, FailureClass.ProviderOverloaded, "released")]
    public async Task U10_failing_provider_is_followed_by_the_next(int status, FailureClass expected, string settlement)
    {
        var run = await new FaultCase(host).Asks(e => e.ReplyAsync(status, "application/json", "{}")).ThenAsksAGoodOne().AnswersAsync(settlement, "exact");

        (run.First.FailureClass, run.First.ProviderStatus).ShouldBe((expected, status));
    }

    [Fact]
    public async Task U10_failures_open_the_breaker()
    {
        var fault = new FaultCase(host).Asks(Status(500, "server_error")).With(r => r.MaxAttempts = 1);

        for (var i = 0; i < 5; i++) await fault.FailsAsync(FailureClass.ProviderError, "provider_error", "released");

        host.Health.Look(fault.Deployment()).State.ShouldBe(BreakerState.Open);
    }

    [Fact]
    public async Task U11_page_of_a_proxy_is_never_forwarded_and_kept_short_for_the_operator()
    {
        var page = $"<html><h1>Bad gateway at node-17.internal</h1><p>Bearer sk-{FaultsFixture.KeyCanary}-x</p>{new string('x', 20_000)}</html>";
        var fault = new FaultCase(host).Asks(e => e.ReplyAsync(502, "text/html", page)).With(r => r.MaxAttempts = 1);

        var run = await fault.RunAsync();

        run.Answer.Error!.ProviderStatus.ShouldBe(502);
        run.Answer.Events.ShouldAllBe(e => !e.ToString().Contains("node-17", StringComparison.Ordinal));
        run.Settlements.ShouldBe(["released"]);
        // The log may be written a moment after the attempt is settled.
        var lines = run.Log.ToList();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!lines.Exists(SaysTheHost))
        {
            await Task.Delay(20, patience.Token);
            lines.AddRange(host.LogsNoSecret());
        }

        var excerpt = lines.FindAll(SaysTheHost).ShouldHaveSingleItem();
        excerpt.Length.ShouldBeLessThan(2048 + 300);

        static bool SaysTheHost(string line) => line.Contains("node-17", StringComparison.Ordinal);
    }

    [Fact]
    public async Task U12_request_that_the_provider_calls_invalid_is_asked_once_and_says_nothing_about_it()
    {
        var fault = new FaultCase(host).Asks(Status(400, "invalid_request_error", "temperature is too high")).ThenAsksAGoodOne();

        for (var i = 0; i < 6; i++)
            (await fault.FailsAsync(FailureClass.ProviderInvalidRequest, "invalid_request_error", "released")).Answer.Error!.Message.ShouldContain("temperature");

        host.Health.Look(fault.Deployment()).State.ShouldBe(BreakerState.Healthy);
        fault.Requests(1).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, "invalid_api_key", FailureClass.ProviderAuth)]
    [InlineData(403, "permission_denied", FailureClass.ProviderPermission)]
    public async Task U13_refused_key_is_ours_and_not_the_clients(int status, string code, FailureClass expected)
    {
        var fault = new FaultCase(host).Asks(Status(status, code, "Your key ****ab12 of org-canary is wrong"), vendor: "mistral");

        var run = await fault.FailsAsync(expected, "provider_auth", "released");

        run.Answer.Events.ShouldAllBe(e => !e.ToString().Contains("ab12", StringComparison.Ordinal) && !e.ToString().Contains("org-canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task U13_key_that_is_refused_again_and_again_is_taken_out()
    {
        for (var i = 0; i < 3; i++)
            await new FaultCase(host).Asks(Status(401, "invalid_api_key"), vendor: "xai").ThenAsksAGoodOne().AnswersAsync("released", "exact");

        host.Keys.Views().Single(v => v.Key.Facts.Provider == "xai").Key.Facts.Status.ShouldBe(CredentialStatus.Refused);
        await FaultMetrics.KeyChangedAsync("xai", "disabled");
        var spared = new FaultCase(host).Asks(Status(401, "invalid_api_key"), vendor: "xai").ThenAsksAGoodOne();
        await spared.AnswersAsync("exact");
        spared.Requests().ShouldBeEmpty();
    }

    [Fact]
    public async Task U14_model_that_is_gone_fails_over()
    {
        var run = await new FaultCase(host).Asks(Status(404, "model_not_found")).ThenAsksAGoodOne().AnswersAsync("released", "exact");

        run.First.FailureClass.ShouldBe(FailureClass.ProviderModelNotFound);
    }

    [Theory]
    [InlineData(400, "context_length_exceeded")]
    [InlineData(413, "context_length_exceeded")]
    public async Task U15_prompt_that_is_too_long_is_told_so(int status, string code) =>
        await new FaultCase(host).Asks(Status(status, code)).ThenAsksAGoodOne()
            .FailsAsync(FailureClass.ContextLength, "context_length_exceeded", "released");

    [Fact]
    public async Task U15_prompt_that_is_too_long_goes_to_a_larger_context()
    {
        var fault = new FaultCase(host).Asks(Status(400, "context_length_exceeded")).ThenAsksAGoodOne();
        fault.Start.Plan.Candidates[1].Deployment.ContextWindow = 1_000_000;

        await fault.AnswersAsync("released", "exact");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task U16_error_in_an_answer_of_200_is_that_error(bool stream)
    {
        var fault = new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Error("server_error"))).With(r => r.MaxAttempts = 1);
        if (!stream) fault.Whole();

        for (var i = 0; i < 5; i++) await fault.FailsAsync(FailureClass.ProviderError, "provider_error", "estimated");

        host.Health.Look(fault.Deployment()).State.ShouldBe(BreakerState.Open);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task U16_choice_that_ends_with_an_error_is_an_error(bool stream)
    {
        var fault = stream
            ? new FaultCase(host).Asks(Stream(OpenAIWire.Role, OpenAIWire.Finish.Replace("\"stop\"", "\"error\"", StringComparison.Ordinal), OpenAIWire.Done))
            : new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Plain.Replace("\"stop\"", "\"error\"", StringComparison.Ordinal))).Whole();

        var run = await fault.ThenAsksAGoodOne().RunAsync();

        run.First.FailureClass.ShouldBe(FailureClass.ProviderError);
        run.Answer.Error.ShouldBeNull();
    }

    [Theory]
    [InlineData("text/event-stream", "", FailureClass.ProviderTruncated, "estimated")]
    [InlineData("application/json", "", FailureClass.ProviderProtocol, "estimated")]
    [InlineData("text/html", "<html>Welcome</html>", FailureClass.ProviderProtocol, "released")]
    [InlineData("text/event-stream", OpenAIWire.Plain, FailureClass.ProviderTruncated, "estimated")]
    [InlineData("application/json", "data: {}\n\n", FailureClass.ProviderProtocol, "estimated")]
    public async Task U17_answer_that_is_none_fails_over(string type, string body, FailureClass expected, string settlement)
    {
        var run = await new FaultCase(host).Asks(e => e.ReplyAsync(200, type, body)).ThenAsksAGoodOne().AnswersAsync(settlement, "exact");

        run.First.FailureClass.ShouldBe(expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task U17_valid_answer_in_the_other_form_is_converted(bool stream)
    {
        var fault = stream
            ? new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Plain))
            : new FaultCase(host).ThenAsksAGoodOne().Whole();

        (await fault.AnswersAsync("exact")).Answer.Text.ShouldBe("Hello world");
    }

    [Theory]
    [InlineData("{cut}")]
    [InlineData("{whole} and more")]
    [InlineData("{whole}{whole}")]
    [InlineData("[{whole}]")]
    [InlineData("null")]
    public async Task U18_document_that_is_not_one_is_refused(string form)
    {
        var body = form.Replace("{whole}", OpenAIWire.Plain, StringComparison.Ordinal).Replace("{cut}", OpenAIWire.Plain[..^20], StringComparison.Ordinal);

        await new FaultCase(host).Asks(e => e.ReplyJsonAsync(body)).Whole().FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");
    }

    [Fact]
    public async Task U18_byte_order_mark_before_a_document_is_skipped() =>
        (await new FaultCase(host).Asks(e => e.ReplyJsonAsync("\uFEFF" + OpenAIWire.Plain)).Whole().AnswersAsync("exact")).Answer.Text.ShouldBe("Hello world");

    [Fact]
    public async Task U19_body_shorter_than_its_length_is_refused() =>
        await new FaultCase(host).Asks(e => e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {OpenAIWire.Plain.Length + 10}\r\n\r\n{OpenAIWire.Plain}"))
            .Whole().With(r => r.MaxAttempts = 1).FailsAsync(FailureClass.ProviderTruncated, "upstream_truncated", "estimated");

    [Theory]
    [InlineData("Content-Length: {short}\r\n", "at once")]
    [InlineData("Content-Length: {length}\r\nContent-Length: 9000\r\n", "at once")]
    [InlineData("Content-Length: {length}\r\nContent-Length: 9000\r\n", "late")]
    [InlineData("Content-Length: {length}\r\nContent-Length: 9000\r\n", "never")]
    [InlineData("Content-Length: 9000\r\nContent-Length: {length}\r\n", "at once")]
    public async Task U19_lengths_that_lie_are_refused_and_what_follows_is_nobodys_answer(string lengths, string follows)
    {
        var length = OpenAIWire.Plain.Length;
        var head = lengths.Replace("{short}", $"{length - 5}", StringComparison.Ordinal).Replace("{length}", $"{length}", StringComparison.Ordinal);
        var forged = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{OpenAIWire.Plain.Replace("Hello", "Wrong", StringComparison.Ordinal)}";
        var fault = new FaultCase(host).Asks(async e =>
        {
            await e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{head}\r\n{OpenAIWire.Plain}");
            if (follows == "late") await Task.Delay(20, e.Stopping);
            if (follows != "never") await e.SendAsync(forged);
            await e.HoldAsync();
        }).Whole().With(r => r.MaxAttempts = 1);

        for (var i = 0; i < 3; i++)
            (await fault.RunAsync()).Answer.Error!.FailureClass.ShouldBe(FailureClass.ProviderProtocol);

        fault.Requests().Select(r => r.Connection).Distinct().Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("\"created\":1790000000", "\"created\":1e400,\"odd\":-0.000000000000000000000000000001234567890123456789")]
    [InlineData("\"created\":1790000000", "\"created\":99999999999999999999999999")]
    [InlineData("Hello world", "Hello \\ud83d\\ude42 \\ud800 world")]
    [InlineData("Hello world", "Hello \\u0000 world")]
    [InlineData("\"index\":0", "\"index\":0.0")]
    [InlineData("\"prompt_tokens\":1000", "\"prompt_tokens\":1000.5e0")]
    public async Task U20_odd_numbers_and_characters_never_crash(string usual, string odd)
    {
        var run = await new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Plain.Replace(usual, odd, StringComparison.Ordinal))).Whole().RunAsync();

        if (run.Answer.Error is { } error) error.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
        else run.Answer.Text.ShouldBeOneOf("Hello world", "Hello \U0001F642 \uFFFD world", "Hello \0 world");
    }

    [Fact]
    public async Task U20_huge_text_is_relayed_whole()
    {
        var text = new string('y', 2 * 1024 * 1024);
        var fault = new FaultCase(host).Asks(e => e.ReplyJsonAsync(OpenAIWire.Plain.Replace("Hello world", text, StringComparison.Ordinal))).Whole();
        fault.Start.Plan.DefaultMaxOutput = 10_000_000;

        (await fault.RunAsync()).Answer.Text.ShouldBe(text);
    }

    private static Func<UpstreamExchange, Task> Status(int status, string code, string message = "no") =>
        e => e.ReplyAsync(status, "application/json", OpenAIWire.Error(code, message));

    private static Func<UpstreamExchange, Task> Stream(params string[] data) => async e =>
    {
        await e.BeginStreamAsync();
        await e.SendAsync(OpenAIWire.AsBody(data));
    };
}
