using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Client;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>The .NET client package against the gRPC port.</summary>
public sealed class GrpcClientTests : IDisposable
{
    private readonly ServiceProvider _services;

    public GrpcClientTests(SystemFixture system) =>
        _services = new ServiceCollection()
            .AddOrchestrationClient(client =>
            {
                client.Address = new Uri(system.Endpoints.GatewayGrpc);
                client.ApiKey = system.Endpoints.DevelopmentKey;
            })
            .BuildServiceProvider();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("auto")]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Plain_answer_says_what_it_cost(string model)
    {
        var answer = await Chat.GetResponseAsync("How long is the river Rhine?", new ChatOptions { ModelId = model }, Cancellation);

        answer.Text.ShouldNotBeNullOrWhiteSpace();
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.AdditionalProperties!["orchestration.simulated"].ShouldBe(true);
        decimal.Parse((string)answer.AdditionalProperties["orchestration.cost"]!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0m);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Streamed_answer_equals_the_plain_one(string model)
    {
        var options = new ChatOptions { ModelId = model };
        var plain = await Chat.GetResponseAsync("Which planet is the largest?", options, Cancellation);

        var streamed = await Chat.GetStreamingResponseAsync("Which planet is the largest?", options, Cancellation).ToChatResponseAsync(Cancellation);

        streamed.Text.ShouldBe(plain.Text);
        streamed.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task Wrong_key_is_refused()
    {
        using var services = new ServiceCollection()
            .AddOrchestrationClient(client =>
            {
                client.Address = _services.GetRequiredService<Microsoft.Extensions.Options.IOptions<OrchestrationClientOptions>>().Value.Address;
                client.ApiKey = "sk-orc_dev_nobody";
            })
            .BuildServiceProvider();

        var failure = await Should.ThrowAsync<Grpc.Core.RpcException>(
            () => services.GetRequiredService<IChatClient>().GetResponseAsync("Hello", cancellationToken: Cancellation));

        failure.StatusCode.ShouldBe(Grpc.Core.StatusCode.Unauthenticated);
    }

    public void Dispose() => _services.Dispose();

    private IChatClient Chat => _services.GetRequiredService<IChatClient>();
}
