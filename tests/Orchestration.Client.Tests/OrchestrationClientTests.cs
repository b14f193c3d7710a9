using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Contracts.Rerank.V1;
using static Orchestration.Client.Tests.Hosting.Answers;

namespace Orchestration.Client.Tests;

public sealed class OrchestrationClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_that_name_no_model_get_the_one_of_the_options()
    {
        await using var peer = await GatewayPeer.StartAsync(options => (options.Model, options.EmbeddingModel, options.RerankModel) = ("auto:cheap", "bge", "jina"));
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("Yes.")));
        peer.Script.Embed = (_, _) => Task.FromResult(new EmbeddingsResponse());
        peer.Script.Rerank = (_, _) => Task.FromResult(new RerankResponse());
        var request = new ChatRequest();

        await peer.Client.CompleteAsync(request, cancellationToken: Cancellation);
        await peer.Client.CompleteAsync(new ChatRequest { Model = "named" }, cancellationToken: Cancellation);
        await peer.Client.EmbedAsync(new EmbeddingsRequest(), cancellationToken: Cancellation);
        await peer.Client.RerankAsync(new RerankRequest(), cancellationToken: Cancellation);

        peer.Script.ChatRequests.Select(sent => sent.Model).ShouldBe(["auto:cheap", "named"]);
        peer.Script.EmbeddingsRequests.Single().Model.ShouldBe("bge");
        peer.Script.RerankRequests.Single().Model.ShouldBe("jina");
        request.ShouldBe(new ChatRequest(), "it is the caller's own and may be sent again");
    }

    [Fact]
    public async Task Reads_carry_no_idempotency_key()
    {
        await using var peer = await GatewayPeer.StartAsync();

        (await peer.Client.ListModelsAsync(Cancellation)).Single().Id.ShouldBe("auto");
        (await peer.Client.GetReceiptAsync("request-1", Cancellation)).RequestId.ShouldBe("request-1");

        peer.Script.IdempotencyKeys.ShouldBe([null, null]);
        peer.Script.Calls.ShouldAllBe(call => call.Authorization == $"Bearer {GatewayPeer.Key}");
    }

    [Fact]
    public async Task Request_says_of_itself_what_the_caller_says()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("Yes.")));
        var call = new OrchestrationCall
        {
            IdempotencyKey = "order-4711",
            EndUser = "Jürgen",
            SessionId = "session-1",
            Tags = new Dictionary<string, string> { ["team"] = "search", ["stage"] = "test" },
            Timeout = TimeSpan.FromMinutes(1),
        };
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;

        await peer.Chat.GetResponseAsync("Hello", new ChatOptions().With(call), Cancellation);

        var sent = peer.Script.Calls.Single();
        (sent.Header("idempotency-key"), sent.Header("x-orchestration-session"), sent.Header("x-orchestration-tags"))
            .ShouldBe(("order-4711", "session-1", "team=search, stage=test"));
        sent.Deadline.ShouldBeInRange(before.AddSeconds(50), before.AddSeconds(90));
        peer.Script.ChatRequests.Single().EndUser.ShouldBe("Jürgen");
    }

    [Fact]
    public async Task Timeout_of_a_request_never_lengthens_the_clients()
    {
        await using var peer = await GatewayPeer.StartAsync(options => options.Timeout = TimeSpan.FromMinutes(1));
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("Yes.")));
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;

        await peer.Client.CompleteAsync(new ChatRequest(), new OrchestrationCall { Timeout = TimeSpan.FromHours(1) }, Cancellation);

        peer.Script.Calls.Single().Deadline.ShouldBeLessThan(before.AddSeconds(90));
    }

    [Theory]
    [InlineData("name", "a,b")]
    [InlineData("na=me", "value")]
    [InlineData("name", "wörd")]
    public async Task Label_that_no_header_takes_is_refused(string name, string value)
    {
        await using var peer = await GatewayPeer.StartAsync();
        var call = new OrchestrationCall { Tags = new Dictionary<string, string> { [name] = value } };

        await Should.ThrowAsync<ArgumentException>(() => peer.Client.CompleteAsync(new ChatRequest(), call, Cancellation));

        peer.Script.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Named_clients_have_address_key_and_model_of_their_own()
    {
        await using var one = await GatewayPeer.StartAsync();
        await using var other = await GatewayPeer.StartAsync();
        one.Script.Complete = (_, _) => Task.FromResult(Completion(Text("One.")));
        other.Script.Complete = (_, _) => Task.FromResult(Completion(Text("Other.")));
        var services = new ServiceCollection();
        services.AddOrchestrationClient(client => (client.Address, client.ApiKey) = (one.Address, "sk-one"));
        services.AddOrchestrationClient("other", client => (client.Address, client.ApiKey, client.Model) = (other.Address, "sk-other", "auto:best"));
        await using var provider = services.BuildServiceProvider();

        (await provider.GetRequiredService<IChatClient>().GetResponseAsync("Hello", cancellationToken: Cancellation)).Text.ShouldBe("One.");
        (await provider.GetRequiredKeyedService<IChatClient>("other").GetResponseAsync("Hello", cancellationToken: Cancellation)).Text.ShouldBe("Other.");

        (one.Script.Calls.Single().Authorization, one.Script.ChatRequests.Single().Model).ShouldBe(("Bearer sk-one", "auto"));
        (other.Script.Calls.Single().Authorization, other.Script.ChatRequests.Single().Model).ShouldBe(("Bearer sk-other", "auto:best"));
        provider.GetKeyedService<OrchestrationClient>("third").ShouldBeNull();
    }

    [Fact]
    public async Task Tools_are_run_between_requests_and_each_request_tells_its_cost()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var call = new ToolCall { Id = "call-1", Name = "weather", Arguments = """{"city":"Köln"}""" };
        peer.Script.Complete = (request, _) => Task.FromResult(
            request.Messages.Count == 1 ? Completion(new Part { ToolCall = call }) : Completion(Text($"It is {request.Messages[^1].Parts.Single().ToolResult.Parts.Single().Text.Text_}.")));
        using var chat = peer.Chat.AsBuilder().UseFunctionInvocation().Build();
        var weather = AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather");

        var answer = await chat.GetResponseAsync("How is the weather?", new ChatOptions { Tools = [weather] }, Cancellation);

        answer.Text.ShouldBe("It is sunny in Köln.");
        answer.Usage!.TotalTokenCount.ShouldBe(50);
        answer.Messages.Sum(message => message.GetOrchestrationFacts()?.Cost ?? 0).ShouldBe(0.0000246m);
        peer.Script.IdempotencyKeys.Distinct().Count().ShouldBe(2, "two requests, however alike");
    }

    [Fact]
    public async Task Streamed_tools_are_run_between_requests()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Stream = async (request, writer, context) =>
        {
            ChatEvent[] events = request.Messages.Count == 1
                ? [Started, Start(PartKind.ToolCall, call: new ToolCall { Id = "call-1", Name = "weather" }), Delta("""{"city":"""), Delta("\"Köln\"}"), Stop(), Finished(FinishReason.ToolCalls), Summarised]
                : [Started, Start(PartKind.Text), Delta("Sunny."), Stop(), Finished(FinishReason.Stop), Summarised];
            foreach (var chatEvent in events)
                await writer.WriteAsync(chatEvent, context.CancellationToken);
        };
        using var chat = peer.Chat.AsBuilder().UseFunctionInvocation().Build();
        List<string> cities = [];
        var weather = AIFunctionFactory.Create(
            (string city) =>
            {
                cities.Add(city);
                return "sunny";
            },
            "weather");

        List<ChatResponseUpdate> updates = [];
        await foreach (var update in chat.GetStreamingResponseAsync("How is the weather?", new ChatOptions { Tools = [weather] }, Cancellation))
            updates.Add(update);

        updates.ToChatResponse().Text.ShouldBe("Sunny.");
        cities.ShouldBe(["Köln"]);
        updates.Sum(update => update.GetOrchestrationFacts()?.Cost ?? 0).ShouldBe(0.0000246m);
    }
}
