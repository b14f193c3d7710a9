using Microsoft.Extensions.AI;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using static Orchestration.Client.Tests.Hosting.Answers;

namespace Orchestration.Client.Tests.Chat;

public sealed class OrchestrationChatClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plain_answer_says_who_answered_and_what_it_cost()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("It is sunny.")));

        var answer = await peer.Chat.GetResponseAsync("How is the weather?", cancellationToken: Cancellation);

        (answer.Text, answer.ModelId, answer.FinishReason).ShouldBe(("It is sunny.", "deepseek-flash", ChatFinishReason.Stop));
        answer.ResponseId.ShouldBe("0199d0a0-0000-7000-8000-000000000001");
        answer.Usage!.TotalTokenCount.ShouldBe(25);
        ShouldTellFacts(answer.AdditionalProperties, answer.ResponseId!);
        answer.Messages.Single().GetOrchestrationFacts()!.Cost.ShouldBe(0.0000123m);
        peer.Script.ChatRequests.Single().Stream.ShouldBeFalse();
    }

    [Fact]
    public async Task Streamed_answer_folds_to_the_same()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Streams(
            Started, Start(PartKind.Reasoning), Delta("Let me "), Delta("see.", signature: "c2ln"), Stop(),
            Start(PartKind.Text, 1), Delta("It is ", 1), Delta("sunny.", 1), Stop(1),
            Counted(Usage), Finished(FinishReason.Length), Summarised);

        var answer = await peer.Chat.GetStreamingResponseAsync("How is the weather?", cancellationToken: Cancellation).ToChatResponseAsync(Cancellation);

        (answer.Text, answer.ModelId, answer.FinishReason).ShouldBe(("It is sunny.", "deepseek-flash", ChatFinishReason.Length));
        var reasoning = answer.Messages.Single().Contents.OfType<TextReasoningContent>().Single();
        (reasoning.Text, reasoning.ProtectedData).ShouldBe(("Let me see.", "c2ln"));
        (answer.Usage!.TotalTokenCount, answer.Usage.CachedInputTokenCount, answer.Usage.ReasoningTokenCount).ShouldBe((25, 5, 3));
        ShouldTellFacts(answer.AdditionalProperties, GatewayPeer.RequestId);
        (answer.ResponseId, answer.Messages.Single().MessageId).ShouldBe((GatewayPeer.RequestId, GatewayPeer.RequestId));
        peer.Script.ChatRequests.Single().Stream.ShouldBeTrue();
    }

    [Fact]
    public async Task Tools_are_called_and_their_results_sent_back()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var call = new ToolCall { Id = "call-1", Name = "weather", Arguments = """{ "city": "Köln" }""", Signature = "c2ln" };
        peer.Script.Complete = (request, _) => Task.FromResult(
            request.Messages.Count == 1 ? Completion(new Part { ToolCall = call }) : Completion(Text("Sunny.")));

        var first = await peer.Chat.GetResponseAsync("How is the weather?", cancellationToken: Cancellation);
        var asked = first.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        List<ChatMessage> conversation =
        [
            new(ChatRole.User, "How is the weather?"), .. first.Messages,
            new(ChatRole.Tool, [new FunctionResultContent(asked.CallId, "sunny")]),
        ];
        var second = await peer.Chat.GetResponseAsync(conversation, cancellationToken: Cancellation);

        second.Text.ShouldBe("Sunny.");
        var sent = peer.Script.ChatRequests.Last();
        sent.Messages[1].Parts.Single().ToolCall.ShouldBe(call);
        sent.Messages[2].Parts.Single().ToolResult.ShouldBe(new ToolResult { ToolCallId = "call-1", Parts = { Text("sunny") } });
    }

    [Fact]
    public async Task Answer_that_breaks_gives_what_it_had_and_then_throws()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Streams(Started, Start(PartKind.Text), Delta("It is "), Failed("stream_truncated"), Summarised);
        var text = "";

        var broken = await Should.ThrowAsync<OrchestrationBrokenAnswerException>(async () =>
        {
            await foreach (var update in peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: Cancellation))
                text += update.Text;
        });

        text.ShouldBe("It is ");
        (broken.Code, broken.Failure.FailureClass, broken.IsRetryable, broken.RequestId).ShouldBe(
            ("stream_truncated", FailureClass.ProviderTruncated, true, GatewayPeer.RequestId));
        broken.Message.ShouldBe("The provider's answer broke off.");
        (broken.Answer.Model, broken.Answer.Cost, broken.Answer.Currency).ShouldBe(("deepseek-flash", 0.0000123m, "USD"));
    }

    [Fact]
    public async Task Broken_answer_is_told_even_when_nothing_follows()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Streams(Started, Failed("stream_truncated"));

        var broken = await Should.ThrowAsync<OrchestrationBrokenAnswerException>(
            () => peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: Cancellation).ToChatResponseAsync(Cancellation));

        broken.Answer.Cost.ShouldBeNull();
    }

    [Fact]
    public async Task Cancelled_stream_stops_the_gateway_and_throws_as_net_expects()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var stopped = new TaskCompletionSource();
        peer.Script.Stream = async (_, writer, context) =>
        {
            context.CancellationToken.Register(stopped.SetResult);
            await writer.WriteAsync(Start(PartKind.Text), context.CancellationToken);
            await writer.WriteAsync(Delta("It"), context.CancellationToken);
            await stopped.Task;
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: leaving.Token))
                await leaving.CancelAsync();
        });

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Reader_that_walks_away_stops_the_gateway()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var stopped = new TaskCompletionSource();
        peer.Script.Stream = async (_, writer, context) =>
        {
            context.CancellationToken.Register(stopped.SetResult);
            await writer.WriteAsync(Start(PartKind.Text), context.CancellationToken);
            await writer.WriteAsync(Delta("It"), context.CancellationToken);
            await stopped.Task;
        };

        await foreach (var _ in peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: Cancellation))
            break;

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public async Task Cancelled_plain_request_throws_as_net_expects()
    {
        await using var peer = await GatewayPeer.StartAsync();
        var arrived = new TaskCompletionSource();
        peer.Script.Complete = async (_, context) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new ChatCompletion();
        };
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var answer = peer.Chat.GetResponseAsync("Hello", cancellationToken: leaving.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task Every_call_carries_key_and_deadline()
    {
        await using var peer = await GatewayPeer.StartAsync(client => client.Timeout = TimeSpan.FromMinutes(1));
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("Yes.")));
        var before = DateTime.UtcNow;

        await peer.Chat.GetResponseAsync("Hello", cancellationToken: Cancellation);
        await peer.Chat.GetStreamingResponseAsync("Hello", cancellationToken: Cancellation).ToChatResponseAsync(Cancellation);
        await peer.Chat.GetService<OrchestrationClient>()!.ListModelsAsync(Cancellation);

        peer.Script.Calls.Count.ShouldBe(3);
        peer.Script.Calls.ShouldAllBe(call => call.Authorization == $"Bearer {GatewayPeer.Key}");
        peer.Script.Calls.ShouldAllBe(call => call.Deadline > before.AddSeconds(50) && call.Deadline < before.AddSeconds(90));
    }

    [Fact]
    public async Task Structured_output_reaches_the_gateway_and_comes_back_typed()
    {
        await using var peer = await GatewayPeer.StartAsync();
        peer.Script.Complete = (_, _) => Task.FromResult(Completion(Text("""{"city":"Köln"}""")));

        var answer = await peer.Chat.GetResponseAsync(
            [new ChatMessage(ChatRole.User, [new TextContent("Where is this?"), new DataContent(new byte[] { 1, 2 }, "image/png")])],
            new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<Place>() },
            Cancellation);

        System.Text.Json.JsonSerializer.Deserialize<Place>(answer.Text, AIJsonUtilities.DefaultOptions).ShouldBe(new Place("Köln"));
        var sent = peer.Script.ChatRequests.Single();
        sent.ResponseFormat.Kind.ShouldBe(ResponseFormatKind.JsonSchema);
        sent.ResponseFormat.Schema.ShouldContain("\"city\"");
        sent.Messages.Single().Parts.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Text, Part.ContentOneofCase.Image]);
    }

    [Fact]
    public async Task Client_tells_what_it_is()
    {
        await using var peer = await GatewayPeer.StartAsync();

        var metadata = (ChatClientMetadata)peer.Chat.GetService(typeof(ChatClientMetadata))!;

        (metadata.ProviderName, metadata.DefaultModelId).ShouldBe(("orchestration", "auto"));
        peer.Chat.GetService(typeof(IChatClient)).ShouldBeSameAs(peer.Chat);
        peer.Chat.GetService(typeof(IChatClient), "keyed").ShouldBeNull();
    }

    private static void ShouldTellFacts(AdditionalPropertiesDictionary? facts, string requestId)
    {
        facts.ShouldNotBeNull();
        facts["orchestration.request_id"].ShouldBe(requestId);
        facts["orchestration.provider"].ShouldBe("deepseek");
        facts["orchestration.model"].ShouldBe("deepseek-flash");
        facts["orchestration.route"].ShouldBe("auto");
        facts["orchestration.simulated"].ShouldBe(true);
        facts["orchestration.warnings"].ShouldBe(new[] { "The seed was dropped." });
        facts["orchestration.cost"].ShouldBe(0.0000123m);
        facts["orchestration.currency"].ShouldBe("USD");
        facts["orchestration.settlement"].ShouldBe("exact");
        facts["orchestration.attempts"].ShouldBe(2);
    }

    private sealed record Place(string City);
}
