using System.Text.Json.Nodes;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Chat;

public sealed class VendorProfileTests(ProvidersFixture fixture)
{
    [Fact]
    public async Task Plain_request_to_a_model_that_only_streams_is_streamed_and_folded()
    {
        var url = fixture.Upstream.Script("stream-only", OpenAIWire.AnswerAsync);

        var answer = await Answer.OfAsync(fixture, Plans.Plan(Of("stream-only", url, "alibaba", "qwq-plus")), stream: false);

        (answer.Text, answer.Error).ShouldBe(("Hello world", null));
        var request = fixture.Upstream.Requests("stream-only").ShouldHaveSingleItem();
        request.Headers["Accept"].ShouldBe("text/event-stream");
        JsonNode.Parse(request.Body)!["stream"]!.GetValue<bool>().ShouldBeTrue();
        answer.Summary.Settlement.ShouldBe(Settlement.Exact);
    }

    [Fact]
    public async Task Address_header_and_version_are_the_vendors_own()
    {
        var url = fixture.Upstream.Script("azure-path", OpenAIWire.AnswerAsync);

        await Answer.OfAsync(fixture, Plans.Plan(Of("azure-path", url, "azure", "gpt-4.1")));

        var request = fixture.Upstream.Requests("azure-path").ShouldHaveSingleItem();
        request.Path.ShouldBe("/azure-path/v1/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21");
        request.Headers["api-key"].ShouldBe("simulated");
        request.Headers.ContainsKey("Authorization").ShouldBeFalse();
    }

    [Fact]
    public async Task Headers_of_the_profile_go_with_every_request()
    {
        var url = fixture.Upstream.Script("static-headers", OpenAIWire.AnswerAsync);

        await Answer.OfAsync(fixture, Plans.Plan(Of("static-headers", url, "openrouter", "a/b")));

        fixture.Upstream.Requests("static-headers").ShouldHaveSingleItem().Headers["X-Title"].ShouldBe("Orchestration");
    }

    [Fact]
    public async Task Report_of_a_relay_that_cannot_be_is_marked_as_estimated()
    {
        // 1,000 and 500 tokens for two words.
        var url = fixture.Upstream.Script("relay", OpenAIWire.AnswerAsync);

        var relay = await Answer.OfAsync(fixture, Plans.Plan(Of("relay", url, "holysheep", "gpt-4.1")));

        relay.Summary.Attempts.ShouldHaveSingleItem().Usage.Source.ShouldBe(UsageSource.Estimated);
        relay.Summary.Settlement.ShouldBe(Settlement.Estimated);
    }

    private static Candidate Of(string id, string url, string provider, string model)
    {
        var candidate = Plans.Candidate(id, url);
        (candidate.Deployment.Provider, candidate.Deployment.UpstreamModel) = (provider, model);
        return candidate;
    }
}
