#pragma warning disable OPENAI001 // The package marks this API as one that may still change.
using System.ClientModel;
using OpenAI.Responses;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Responses;

/// <summary>The official .NET client against the public listener.</summary>
public sealed class OpenAIClientTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Official_client_reads_a_plain_answer()
    {
        ResponseResult response = await Client().CreateResponseAsync(Options("Hi"), Cancellation);

        response.GetOutputText().ShouldBe("Hello world");
        response.Status.ShouldBe(ResponseStatus.Completed);
        response.Usage.InputTokenCount.ShouldBe(6);
        response.Model.ShouldBe("strong");
    }

    [Fact]
    public async Task Official_client_reads_a_stream()
    {
        var text = "";
        ResponseResult? completed = null;
        await foreach (var update in await Client().CreateResponseStreamingAsync(Options("Hi", stream: true), Cancellation))
        {
            if (update is StreamingResponseOutputTextDeltaUpdate delta)
                text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate end)
                completed = end.Response;
        }

        text.ShouldBe("Hello world");
        completed.ShouldNotBeNull().Usage.OutputTokenCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Official_client_gets_calls_with_untouched_arguments(bool stream)
    {
        const string arguments = """{"city": "北京", "n": 1.0}""";
        var options = Options("Hi", stream);
        options.Tools.Add(ResponseTool.CreateFunctionTool("weather", BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false));
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

        var item = stream ? await StreamedCallAsync(options) : (await Client().CreateResponseAsync(options, Cancellation)).Value.OutputItems.ShouldHaveSingleItem();

        var read = item.ShouldBeOfType<FunctionCallResponseItem>();
        (read.CallId, read.FunctionName, read.FunctionArguments.ToString()).ShouldBe(("call_1", "weather", arguments));
    }

    [Fact]
    public async Task Official_client_is_told_what_is_not_kept()
    {
        var options = Options("Hi");
        options.PreviousResponseId = "resp_1";

        var exception = await Should.ThrowAsync<ClientResultException>(() => Client().CreateResponseAsync(options, Cancellation));

        exception.Status.ShouldBe(400);
        exception.Message.ShouldContain("previous_response_id");
    }

    private static CreateResponseOptions Options(string text, bool stream = false) => new()
    {
        Model = "test:chat",
        InputItems = { ResponseItem.CreateUserMessageItem(text) },
        StreamingEnabled = stream,
    };

    private async Task<ResponseItem?> StreamedCallAsync(CreateResponseOptions options)
    {
        ResponseItem? item = null;
        await foreach (var update in await Client().CreateResponseStreamingAsync(options, Cancellation))
        {
            if (update is StreamingResponseOutputItemDoneUpdate done)
                item = done.Item;
        }

        return item;
    }

    private ResponsesClient Client() => new(
        new ApiKeyCredential(fixture.Gateway.Settings.ClientKey),
        new ResponsesClientOptions { Endpoint = new Uri(fixture.Gateway.HttpAddress, "/v1") });
}
