using Orchestration.Contracts.Chat.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

/// <summary>A vendor with the one key that its environment variable holds.</summary>
public sealed class OneKeyTests : IAsyncLifetime
{
    private readonly ProvidersFixture _own = new();

    public ValueTask InitializeAsync()
    {
        _own.Settings["Egress:AllowedHosts:0"] = $"127.0.0.1:{_own.Upstream.Port}";
        return _own.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _own.DisposeAsync();

    [Fact]
    public async Task Short_rest_of_the_only_key_is_waited_out()
    {
        var answer = await Answer.OfAsync(_own, Plans.Plan(Keyed("only", "up-a", LimitedOnce("only", 429, "Retry-After: 0.3"))));

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        answer.Outcomes.ShouldBe([AttemptOutcome.Failed, AttemptOutcome.Succeeded]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(403)]
    public async Task Other_model_of_the_vendor_is_asked_with_the_same_key(int status)
    {
        var other = _own.Upstream.Script("sibling", OpenAIWire.AnswerAsync);
        var plan = Plans.Plan(Keyed("limited", "up-a", LimitedOnce("limited", status, "Retry-After: 60")), Keyed("sibling", "up-b", other));

        var answer = await Answer.OfAsync(_own, plan);

        answer.Error.ShouldBeNull();
        answer.Summary.Attempts.Select(a => a.Deployment).ShouldBe(["limited", "sibling"]);
    }

    private static Contracts.Routing.V1.Candidate Keyed(string id, string upstreamModel, string url)
    {
        var candidate = Plans.Candidate(id, url, simulated: false);
        (candidate.Deployment.Provider, candidate.Deployment.Region, candidate.Deployment.UpstreamModel) = ("groq", "", upstreamModel);
        return candidate;
    }

    private string LimitedOnce(string name, int status, string header)
    {
        var calls = 0;
        return _own.Upstream.Script(name, e => Interlocked.Increment(ref calls) == 1
            ? e.ReplyAsync(status, "application/json", OpenAIWire.Error(status == 429 ? "rate_limit_exceeded" : "permission_denied"), header)
            : OpenAIWire.AnswerAsync(e));
    }
}
