using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Client;
using Orchestration.Client.Rerank;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>The .NET client package against the gRPC port.</summary>
public sealed class ClientPackageTests : IDisposable
{
    private readonly ServiceProvider _services;

    public ClientPackageTests(SystemFixture system)
    {
        var services = new ServiceCollection();
        services.AddOrchestrationClient(client => (client.Address, client.ApiKey) = (new Uri(system.Endpoints.GatewayGrpc), system.Endpoints.DevelopmentKey));
        services.AddOrchestrationClient("stranger", client => (client.Address, client.ApiKey) = (new Uri(system.Endpoints.GatewayGrpc), "sk-orc_dev_nobody"));
        _services = services.BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IChatClient Chat => _services.GetRequiredService<IChatClient>();

    private OrchestrationClient Client => _services.GetRequiredService<OrchestrationClient>();

    [Theory]
    [InlineData("auto")]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Plain_answer_says_what_it_cost(string model)
    {
        var answer = await Chat.GetResponseAsync("How long is the river Rhine?", new ChatOptions { ModelId = model }, Cancellation);

        answer.Text.ShouldNotBeNullOrWhiteSpace();
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        // The cheapest model that will do may cost nothing.
        ShouldTell(answer, least: model == "auto" ? 0m : 0.000001m);
    }

    [Theory]
    [InlineData("openai:gpt-4.1-mini")]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Streamed_answer_equals_the_plain_one(string model)
    {
        var options = new ChatOptions { ModelId = model };
        var plain = await Chat.GetResponseAsync("Which planet is the largest?", options, Cancellation);

        var streamed = await Chat.GetStreamingResponseAsync("Which planet is the largest?", options, Cancellation).ToChatResponseAsync(Cancellation);

        streamed.Text.ShouldBe(plain.Text);
        streamed.FinishReason.ShouldBe(ChatFinishReason.Stop);
        ShouldTell(streamed, least: 0.000001m);
        streamed.ResponseId.ShouldNotBe(plain.ResponseId);
    }

    [Fact]
    public async Task Tool_is_called_by_itself_and_both_requests_are_paid()
    {
        List<string> cities = [];
        using var assistant = Chat.AsBuilder().UseFunctionInvocation().Build();
        var weather = AIFunctionFactory.Create(
            (string city) =>
            {
                cities.Add(city);
                return $"7 degrees in {city}";
            },
            "weather");

        var answer = await assistant.GetResponseAsync("What is the weather in Oslo?", new ChatOptions { ModelId = "deepseek-flash", Tools = [weather] }, Cancellation);

        cities.ShouldHaveSingleItem().ShouldNotBeNullOrWhiteSpace();
        answer.Text.ShouldNotBeNullOrWhiteSpace();
        answer.Messages.Count(message => message.GetOrchestrationFacts() is { Cost: > 0 }).ShouldBe(2);
    }

    [Fact]
    public async Task Answer_fits_the_type_that_was_asked_for()
    {
        var answer = await Chat.GetResponseAsync<Place>("Name a city.", new ChatOptions { ModelId = "openai/gpt-5.4-mini" }, cancellationToken: Cancellation);

        answer.Result.City.ShouldNotBeNull();
    }

    [Fact]
    public async Task Picture_is_looked_at()
    {
        ChatMessage message = new(ChatRole.User, [new TextContent("What is this?"), new DataContent(Convert.FromBase64String(Dot), "image/png")]);

        var answer = await Chat.GetResponseAsync([message], new ChatOptions { ModelId = "openai/gpt-4.1", MaxOutputTokens = 100 }, Cancellation);

        answer.Text.ShouldNotBeNullOrWhiteSpace();
        answer.GetOrchestrationFacts()!.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Vectors_and_ranks_say_what_they_cost()
    {
        var vectors = await _services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["one text", "another text"], cancellationToken: Cancellation);
        var ranking = await _services.GetRequiredService<OrchestrationReranker>().RerankAsync("parcel", ["Paper is old.", "A parcel takes days."], cancellationToken: Cancellation);

        vectors.Count.ShouldBe(2);
        vectors.GetOrchestrationFacts()!.Cost.ShouldNotBeNull();
        ranking.Results.Count.ShouldBe(2);
        Guid.TryParse(ranking.Facts.RequestId, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Models_are_listed() => (await Client.ListModelsAsync(Cancellation)).ShouldContain(model => model.Id == "auto");

    [Fact]
    public async Task Wrong_key_is_refused()
    {
        var refused = await Should.ThrowAsync<OrchestrationAccessException>(
            () => _services.GetRequiredKeyedService<IChatClient>("stranger").GetResponseAsync("Hello", cancellationToken: Cancellation));

        (refused.Code, refused.Tries, refused.IsRetryable).ShouldBe(("invalid_api_key", 1, false));
        Guid.TryParse(refused.RequestId, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unknown_model_is_refused_by_name(bool streamed)
    {
        var options = new ChatOptions { ModelId = "no-such-model" };

        var refused = await Should.ThrowAsync<OrchestrationRequestException>(() => streamed
            ? Chat.GetStreamingResponseAsync("Hello", options, Cancellation).ToChatResponseAsync(Cancellation)
            : Chat.GetResponseAsync("Hello", options, Cancellation));

        (refused.Code, refused.Param).ShouldBe(("model_not_found", "model"));
        Guid.TryParse(refused.RequestId, out _).ShouldBeTrue();
    }

    public void Dispose() => _services.Dispose();

    private static void ShouldTell(ChatResponse answer, decimal least)
    {
        var facts = answer.GetOrchestrationFacts().ShouldNotBeNull();
        facts.Simulated.ShouldBeTrue();
        facts.Cost.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(least);
        (facts.Currency, facts.Settlement).ShouldBe(("USD", "exact"));
        facts.Model.ShouldBe(answer.ModelId);
        Guid.TryParse(facts.RequestId, out _).ShouldBeTrue();
        answer.ResponseId.ShouldBe(facts.RequestId);
        answer.Usage!.TotalTokenCount.ShouldBe(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
        answer.Usage.OutputTokenCount.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    // One black point.
    private const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

    private sealed record Place(string City);
}
