#pragma warning disable OPENAI001 // The package marks this API as one that may still change.
using System.ClientModel;
using System.Text.Json;
using OpenAI.Responses;

namespace Orchestration.FunctionalTests.Responses;

/// <summary>The official OpenAI client's Responses, unchanged, against the public port and providers of every protocol.</summary>
public sealed class OpenAIClientTests(SystemFixture system)
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("deepseek-flash")]
    [InlineData("openai/gpt-5.4-mini")]
    [InlineData("anthropic/claude-sonnet-4-5")]
    public async Task Streamed_answer_equals_the_plain_one(string model)
    {
        const string question = "Which planet is the largest?";
        ResponseResult plain = await Client().CreateResponseAsync(Options(model, question), Cancellation);

        var text = "";
        ResponseResult? completed = null;
        await foreach (var update in await Client().CreateResponseStreamingAsync(Options(model, question, stream: true), Cancellation))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate end)
                completed = end.Response;
        }

        plain.Status.ShouldBe(ResponseStatus.Completed);
        text.ShouldNotBeNullOrWhiteSpace();
        text.ShouldBe(plain.GetOutputText());
        completed.ShouldNotBeNull().GetOutputText().ShouldBe(text);
        completed.Usage.OutputTokenCount.ShouldBe(plain.Usage.OutputTokenCount);
    }

    [Theory]
    [InlineData("deepseek-flash")]
    [InlineData("openai/gpt-5.4-mini")]
    [InlineData("anthropic/claude-sonnet-4-5")]
    public async Task Tool_is_called_and_its_result_is_used(string model)
    {
        var options = Options(model, "What is the weather in Oslo?");
        options.Tools.Add(ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString(Schema), strictModeEnabled: false, functionDescription: "Weather of a city"));
        options.ToolChoice = ResponseToolChoice.CreateRequiredChoice();

        ResponseResult first = await Client().CreateResponseAsync(options, Cancellation);
        var call = first.OutputItems.OfType<FunctionCallResponseItem>().ShouldHaveSingleItem();
        call.FunctionName.ShouldBe("get_weather");
        JsonDocument.Parse(call.FunctionArguments.ToString()).RootElement.TryGetProperty("city", out _).ShouldBeTrue();

        foreach (var item in first.OutputItems)
            options.InputItems.Add(item);
        options.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "7 degrees"));
        options.ToolChoice = ResponseToolChoice.CreateAutoChoice();
        ResponseResult second = await Client().CreateResponseAsync(options, Cancellation);
        second.GetOutputText().ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("openai/gpt-5.4-mini")]
    [InlineData("anthropic/claude-sonnet-4-5")]
    public async Task Answer_follows_the_schema_that_was_asked_for(string model)
    {
        var options = Options(model, "Name a city.");
        options.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("city", BinaryData.FromString(Schema), jsonSchemaIsStrict: true) };

        ResponseResult response = await Client().CreateResponseAsync(options, Cancellation);

        JsonDocument.Parse(response.GetOutputText()).RootElement.GetProperty("city").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task What_needs_a_kept_answer_is_refused_by_name()
    {
        var options = Options("auto", "Go on.");
        options.PreviousResponseId = "resp_1";

        var failure = await Should.ThrowAsync<ClientResultException>(() => Client().CreateResponseAsync(options, Cancellation));

        failure.Status.ShouldBe(400);
        failure.Message.ShouldContain("previous_response_id");
    }

    private static CreateResponseOptions Options(string model, string text, bool stream = false) => new()
    {
        Model = model,
        InputItems = { ResponseItem.CreateUserMessageItem(text) },
        StreamingEnabled = stream,
    };

    private ResponsesClient Client() => new(
        new ApiKeyCredential(system.Endpoints.DevelopmentKey), new ResponsesClientOptions { Endpoint = new Uri(system.Endpoints.GatewayHttp + "/v1") });
}
