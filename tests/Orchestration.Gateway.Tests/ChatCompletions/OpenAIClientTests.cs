using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

/// <summary>The official .NET client against the public listener.</summary>
public sealed class OpenAIClientTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Official_client_reads_a_plain_answer()
    {
        var completion = await Client().CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: TestContext.Current.CancellationToken);

        completion.Value.Content[0].Text.ShouldBe("Hello world");
        completion.Value.FinishReason.ShouldBe(ChatFinishReason.Stop);
        completion.Value.Usage.InputTokenCount.ShouldBe(6);
    }

    [Fact]
    public async Task Official_client_reads_a_stream()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("Hi")], cancellationToken: TestContext.Current.CancellationToken))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        text.ShouldBe("Hello world");
        usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Official_client_gets_tool_calls_with_untouched_arguments(bool stream)
    {
        const string arguments = """{"city": "北京", "n": 1.0}""";
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "Weather", BinaryData.FromString("""{"type":"object"}""")) } };
        options.Metadata["script"] = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "call_1", Name = "weather" } } });
            await call.TextAsync(arguments[..9]);
            await call.TextAsync(arguments[9..]);
            await call.FinishAsync(FinishReason.ToolCalls, "tool_calls");
            await call.SummaryAsync();
        });

        var (name, written, finish) = stream ? await StreamAsync(options) : await CompleteAsync(options);

        name.ShouldBe("weather");
        written.ShouldBe(arguments);
        finish.ShouldBe(ChatFinishReason.ToolCalls);
    }

    [Fact]
    public async Task Official_client_gets_an_error_with_status_and_message()
    {
        var exception = await Should.ThrowAsync<ClientResultException>(
            () => Client("no/such").CompleteChatAsync([new UserChatMessage("Hi")], cancellationToken: TestContext.Current.CancellationToken));

        exception.Status.ShouldBe(404);
        exception.Message.ShouldContain("model_not_found");
    }

    [Fact]
    public async Task Official_client_does_not_retry_what_we_say_will_not_help()
    {
        var calls = 0;
        var options = new ChatCompletionOptions();
        options.Metadata["script"] = fixture.Peers.Providers.Script(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.FailAsync(Contracts.Errors.V1.FailureClass.BudgetExhausted, "insufficient_quota");
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });
        var exception = await Should.ThrowAsync<ClientResultException>(
            () => Client(retries: 0).CompleteChatAsync([new UserChatMessage("Hi")], options, TestContext.Current.CancellationToken));

        exception.Status.ShouldBe(429);
        exception.GetRawResponse()!.Headers.TryGetValue("x-should-retry", out var shouldRetry).ShouldBeTrue();
        shouldRetry.ShouldBe("false");
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task Official_client_lists_models()
    {
        var client = new OpenAIClient(Credential(), Options()).GetOpenAIModelClient();

        var models = await client.GetModelsAsync(TestContext.Current.CancellationToken);

        models.Value.Select(model => model.Id).ShouldContain("test/chat");
        (await client.GetModelAsync("test/chat", TestContext.Current.CancellationToken)).Value.OwnedBy.ShouldBe("test");
    }

    [Fact]
    public async Task Official_client_gets_embeddings()
    {
        var client = new OpenAIClient(Credential(), Options()).GetEmbeddingClient("embedding");

        var embeddings = await client.GenerateEmbeddingsAsync(["a", "four"], cancellationToken: TestContext.Current.CancellationToken);

        embeddings.Value.Count.ShouldBe(2);
        embeddings.Value[1].ToFloats().ToArray().ShouldBe([4f, 0.5f, -1f]);
    }

    private async Task<(string Name, string Arguments, ChatFinishReason? Finish)> CompleteAsync(ChatCompletionOptions options)
    {
        var completion = (await Client().CompleteChatAsync([new UserChatMessage("Hi")], options, TestContext.Current.CancellationToken)).Value;
        return (completion.ToolCalls[0].FunctionName, completion.ToolCalls[0].FunctionArguments.ToString(), completion.FinishReason);
    }

    private async Task<(string Name, string Arguments, ChatFinishReason? Finish)> StreamAsync(ChatCompletionOptions options)
    {
        var (name, arguments) = ("", "");
        ChatFinishReason? finish = null;
        await foreach (var update in Client().CompleteChatStreamingAsync([new UserChatMessage("Hi")], options, TestContext.Current.CancellationToken))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate?.ToString();
            }

            finish = update.FinishReason ?? finish;
        }

        return (name, arguments, finish);
    }

    private ChatClient Client(string model = "test:chat", int retries = 1) => new(model, Credential(), Options(retries));

    private ApiKeyCredential Credential() => new(fixture.Gateway.Settings.ClientKey);

    private OpenAIClientOptions Options(int retries = 1) => new()
    {
        Endpoint = new Uri(fixture.Gateway.HttpAddress, "/v1"),
        RetryPolicy = new ClientRetryPolicy(retries),
    };
}
