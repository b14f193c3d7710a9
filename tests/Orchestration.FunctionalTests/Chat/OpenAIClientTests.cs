using System.ClientModel;
using OpenAI;
using OpenAI.Chat;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>The official OpenAI client, unchanged, against the public port.</summary>
public sealed class OpenAIClientTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("auto")]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Plain_answer(string model)
    {
        ChatCompletion answer = await Client(model).CompleteChatAsync([new UserChatMessage("How long is the river Rhine?")], cancellationToken: Cancellation);

        answer.Content.ShouldHaveSingleItem().Text.ShouldNotBeNullOrWhiteSpace();
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Usage.InputTokenCount.ShouldBeGreaterThan(0);
        answer.Usage.OutputTokenCount.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Streamed_answer_equals_the_plain_one(string model)
    {
        ChatCompletion plain = await Client(model).CompleteChatAsync([new UserChatMessage("Which planet is the largest?")], cancellationToken: Cancellation);

        var text = "";
        ChatFinishReason? finish = null;
        await foreach (var update in Client(model).CompleteChatStreamingAsync([new UserChatMessage("Which planet is the largest?")], cancellationToken: Cancellation))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish ??= update.FinishReason;
        }

        text.ShouldBe(plain.Content[0].Text);
        finish.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task Tool_is_called_and_its_result_is_used()
    {
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("get_weather", "Weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")) },
            ToolChoice = ChatToolChoice.CreateRequiredChoice(),
        };
        List<ChatMessage> messages = [new UserChatMessage("What is the weather in Oslo?")];

        ChatCompletion first = await Client("deepseek-flash").CompleteChatAsync(messages, options, Cancellation);
        first.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        var call = first.ToolCalls.ShouldHaveSingleItem();
        call.FunctionName.ShouldBe("get_weather");

        messages.Add(new AssistantChatMessage(first));
        messages.Add(new ToolChatMessage(call.Id, "7 degrees"));
        ChatCompletion second = await Client("deepseek-flash").CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { options.Tools[0] } }, Cancellation);
        second.Content.ShouldHaveSingleItem().Text.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("openai/gpt-5.4-mini")]
    [InlineData("anthropic/claude-sonnet-4-5")]
    public async Task Answer_follows_the_schema_that_was_asked_for(string model)
    {
        const string schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("city", BinaryData.FromString(schema), jsonSchemaIsStrict: true) };

        ChatCompletion answer = await Client(model).CompleteChatAsync([new UserChatMessage("Name a city.")], options, Cancellation);

        System.Text.Json.JsonDocument.Parse(answer.Content[0].Text).RootElement.GetProperty("city").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.String);
    }

    [Fact]
    public async Task Unknown_model_is_a_404_that_the_client_understands()
    {
        var failure = await Should.ThrowAsync<ClientResultException>(
            async () => await Client("no-such-model").CompleteChatAsync([new UserChatMessage("Hello")], cancellationToken: Cancellation));

        failure.Status.ShouldBe(404);
        failure.Message.ShouldContain("model_not_found");
    }

    [Fact]
    public async Task Embeddings_come_back_for_each_input()
    {
        var vectors = (await Embeddings().GenerateEmbeddingsAsync(["one text", "another text"], cancellationToken: Cancellation)).Value;

        vectors.Count.ShouldBe(2);
        vectors[0].ToFloats().Length.ShouldBe(vectors[1].ToFloats().Length);
        vectors[0].ToFloats().ToArray().ShouldNotBe(vectors[1].ToFloats().ToArray());
    }

    [Fact]
    public async Task Context_window_holds_for_each_input_and_not_for_their_sum()
    {
        var input = string.Concat(Enumerable.Repeat("word ", 3000));

        var vectors = (await Embeddings().GenerateEmbeddingsAsync([input, input, input, input], cancellationToken: Cancellation)).Value;

        vectors.Count.ShouldBe(4);
    }

    private OpenAI.Embeddings.EmbeddingClient Embeddings() => new(
        "embedding",
        new ApiKeyCredential(system.Endpoints.DevelopmentKey),
        new OpenAIClientOptions { Endpoint = new Uri(system.Endpoints.GatewayHttp + "/v1") });

    private ChatClient Client(string model) => new(
        model,
        new ApiKeyCredential(system.Endpoints.DevelopmentKey),
        new OpenAIClientOptions { Endpoint = new Uri(system.Endpoints.GatewayHttp + "/v1") });
}
