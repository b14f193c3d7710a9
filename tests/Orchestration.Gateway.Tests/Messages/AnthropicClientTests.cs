using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Tests.Hosting;
using Tool = Anthropic.Models.Messages.Tool;

namespace Orchestration.Gateway.Tests.Messages;

/// <summary>Anthropic's official .NET client against the public listener.</summary>
public sealed class AnthropicClientTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Official_client_reads_a_plain_answer()
    {
        using var client = Client();

        var message = await client.Messages.Create(Params("Hi"), Cancellation);

        message.Content.ShouldHaveSingleItem().TryPickText(out var text).ShouldBeTrue();
        text!.Text.ShouldBe("Hello world");
        message.StopReason!.Value().ShouldBe(StopReason.EndTurn);
        (message.Usage.InputTokens, message.Usage.OutputTokens).ShouldBe((6, 2));
    }

    [Fact]
    public async Task Official_client_reads_a_stream_to_its_end()
    {
        using var client = Client();
        var text = "";
        var stopped = false;
        await foreach (var item in client.Messages.CreateStreaming(Params("Hi"), Cancellation))
        {
            if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
                text += piece.Text;
            stopped |= item.TryPickStop(out _);
        }

        text.ShouldBe("Hello world");
        stopped.ShouldBeTrue();
    }

    [Fact]
    public async Task Official_client_gets_thinking_and_calls()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            await call.CommitAsync();
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { Kind = PartKind.Reasoning } });
            await call.SendAsync(new ChatEvent { PartDelta = new PartDelta { Text = "Let me see.", Signature = "sig" } });
            await call.SendAsync(new ChatEvent { PartStop = new PartStop() });
            await call.SendAsync(new ChatEvent { PartStart = new PartStart { PartIndex = 1, Kind = PartKind.ToolCall, ToolCall = new ToolCall { Id = "call_1", Name = "weather" } } });
            await call.SendAsync(new ChatEvent { PartDelta = new PartDelta { PartIndex = 1, Text = """{"city":"北京"}""" } });
            await call.FinishAsync(FinishReason.ToolCalls);
            await call.SummaryAsync();
        });
        using var client = Client();

        var message = await client.Messages.Create(Params(script), Cancellation);

        message.Content.Count.ShouldBe(2);
        message.Content[0].TryPickThinking(out var thinking).ShouldBeTrue();
        thinking!.Thinking.ShouldBe("Let me see.");
        message.Content[1].TryPickToolUse(out var use).ShouldBeTrue();
        (use!.ID, use.Name, use.Input["city"].GetString()).ShouldBe(("call_1", "weather", "北京"));
        message.StopReason!.Value().ShouldBe(StopReason.ToolUse);
    }

    [Fact]
    public async Task Official_client_counts_tokens_and_lists_models()
    {
        using var client = Client();

        var count = await client.Messages.CountTokens(
            new MessageCountTokensParams { Model = "test:chat", Messages = [new UserMessageParam("How long is the river Rhine?")] }, Cancellation);
        var page = await client.Models.List(cancellationToken: Cancellation);

        count.InputTokens.ShouldBeInRange(6, 40);
        page.Items.Select(model => model.ID).ShouldContain("test/chat");
        page.HasNext().ShouldBeFalse();
    }

    [Fact]
    public async Task Official_client_throws_the_kind_of_error_that_was_sent()
    {
        using var client = Client();
        using var stranger = Client(TestKeys.Create());

        (await Should.ThrowAsync<AnthropicNotFoundException>(() => client.Messages.Create(Params("Hi", "no/such"), Cancellation))).Message.ShouldContain("not_found_error");
        (await Should.ThrowAsync<AnthropicUnauthorizedException>(() => stranger.Messages.Create(Params("Hi"), Cancellation))).Message.ShouldContain("authentication_error");
    }

    private static MessageCreateParams Params(string text, string model = "test:chat") => new()
    {
        Model = model,
        MaxTokens = 100,
        Messages = [new UserMessageParam(text)],
        Tools = [new Tool { Name = "weather", InputSchema = InputSchema.FromRawUnchecked(new Dictionary<string, JsonElement> { ["type"] = JsonSerializer.SerializeToElement("object") }) }],
    };

    private AnthropicClient Client(string? key = null) => new()
    {
        BaseUrl = fixture.Gateway.HttpAddress.ToString().TrimEnd('/'),
        ApiKey = key ?? fixture.Gateway.Settings.ClientKey,
        MaxRetries = 0,
        ResponseValidation = true,
    };
}
