using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

/// <summary>Classes, hints and capabilities as they show in the plan.</summary>
public sealed class RoutingTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("an easy one", "simple", "d-small")]
    [InlineData("a hard one", "complex", "d-strong")]
    public async Task Class_of_the_prompt_chooses_the_chain(string text, string requestClass, string deployment)
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "auto", text: text));

        var plan = fixture.Peers.Providers.Starts[response.RequestId()].Plan;
        plan.RequestClass.ShouldBe(requestClass);
        plan.Candidates[0].Deployment.Id.ShouldBe(deployment);
        plan.Reason.ShouldContain("as told");
    }

    [Fact]
    public async Task Silent_classifier_costs_little_time_and_a_warning()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "auto", text: "silence"));

        var plan = fixture.Peers.Providers.Starts[response.RequestId()].Plan;
        plan.RequestClass.ShouldBe("moderate");
        response.Header("x-orchestration-warnings").ShouldContain("classifier_unavailable:model");
    }

    [Fact]
    public async Task Classifier_that_does_not_trust_itself_leaves_the_default_class_without_a_warning()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "auto", text: "foreign"));

        fixture.Peers.Providers.Starts[response.RequestId()].Plan.RequestClass.ShouldBe("moderate");
        response.Headers.TryGetValues("x-orchestration-warnings", out var warnings);
        (warnings ?? []).ShouldNotContain(warning => warning.Contains("classifier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hint_of_the_caller_overrides_the_classifier()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = System.Net.Http.Json.JsonContent.Create(Chat.Body(model: "auto", text: "easy")) };
        request.Headers.Add("x-orchestration-complexity", "complex");
        request.Headers.Add("x-orchestration-cost-cap", "0.0001 USD");
        request.Headers.Add("x-orchestration-deadline-ms", "2500");
        request.Headers.Add("x-orchestration-session", "s-1");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var start = fixture.Peers.Providers.Starts[response.RequestId()];
        start.Plan.RequestClass.ShouldBe("complex");
        start.Ceiling.Amount.ShouldBe("0.0001");
        start.Plan.Rules.TotalDeadline.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(2.5));
        start.Attribution.SessionId.ShouldBe("s-1");
    }

    [Fact]
    public async Task Only_the_end_of_a_long_text_is_classified_cut_at_a_character()
    {
        var text = string.Concat(Enumerable.Repeat("长文😀", 2_000)) + " easy";
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "auto", text: text));

        var plan = fixture.Peers.Providers.Starts[response.RequestId()].Plan;
        plan.RequestClass.ShouldBe("simple");
    }

    [Fact]
    public async Task Picture_leaves_only_candidates_that_can_see()
    {
        var request = new ChatRequest
        {
            Model = "test/chat",
            Messages = { new Message { Role = Role.User, Parts = { new Part { Image = new Image { Url = "data:image/png;base64,AAAA" } } } } },
        };
        var answer = await new Contracts.Gateway.V1.ChatService.ChatServiceClient(fixture.Gateway.Channel)
            .CompleteAsync(request, fixture.Gateway.ClientMetadata, cancellationToken: TestContext.Current.CancellationToken);

        fixture.Peers.Providers.Starts[answer.RequestId].Plan.Candidates.ShouldHaveSingleItem().Deployment.Id.ShouldBe("d-strong");
    }
}
