using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Orchestration.FunctionalTests.Messages;

/// <summary>Anthropic's official client, unchanged and with its checks of answers on, against the public port and providers of every protocol.</summary>
public sealed class AnthropicClientTests(SystemFixture system)
{
    private const string Question = "Which planet is the largest?";

    private static readonly Tool Weather = new() { Name = "get_weather", Description = "Weather of a city", InputSchema = InputSchema.FromRawUnchecked(Schema("city")) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5")]
    [InlineData("openai/gpt-5.4-mini")]
    [InlineData("deepseek-flash")]
    [InlineData("google/gemini-2.5-flash")]
    public async Task Streamed_answer_equals_the_plain_one(string model)
    {
        using var client = Client();
        var plain = await client.Messages.Create(Params(model, Question), Cancellation);
        var (text, stop, output) = ("", default(StopReason?), 0L);
        await foreach (var item in client.Messages.CreateStreaming(Params(model, Question), Cancellation))
        {
            if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
                text += piece.Text;
            if (item.TryPickDelta(out var end))
                (stop, output) = (end.Delta.StopReason?.Value(), end.Usage.OutputTokens);
        }

        text.ShouldNotBeNullOrWhiteSpace();
        text.ShouldBe(TextOf(plain));
        stop.ShouldBe(StopReason.EndTurn);
        (plain.Usage.InputTokens, plain.Usage.OutputTokens, output).ShouldSatisfyAllConditions(
            usage => usage.InputTokens.ShouldBeGreaterThan(0), usage => usage.OutputTokens.ShouldBe(output));
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5")]
    [InlineData("deepseek-flash")]
    public async Task Tool_is_called_and_its_result_is_used(string model)
    {
        using var client = Client();
        var asked = new UserMessageParam("What is the weather in Oslo?");

        var first = await client.Messages.Create(Params(model, [asked]) with { Tools = [Weather], ToolChoice = new ToolChoiceAny() }, Cancellation);

        first.StopReason!.Value().ShouldBe(StopReason.ToolUse);
        var use = first.Content.Select(block => block.TryPickToolUse(out var found) ? found : null).OfType<ToolUseBlock>().ShouldHaveSingleItem();
        use.Name.ShouldBe("get_weather");
        use.Input.ContainsKey("city").ShouldBeTrue();

        var second = await client.Messages.Create(
            Params(model, [asked, new AssistantMessageParam(Replayed(first)), new UserMessageParam(new List<ContentBlockParam> { new ToolResultBlockParam(use.ID) { Content = "7 degrees" } })])
                with { Tools = [Weather] },
            Cancellation);
        TextOf(second).ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Thinking_is_shown_with_a_signature_that_its_provider_takes_back()
    {
        const string model = "anthropic/claude-sonnet-4-5";
        using var client = Client();
        var asked = new UserMessageParam("What is the weather in Oslo? Think first.");
        var wish = Params(model, [asked]) with { MaxTokens = 4096, Tools = [Weather], Thinking = new ThinkingConfigEnabled(2048) };

        var first = await client.Messages.Create(wish, Cancellation);
        var thinking = first.Content.Select(block => block.TryPickThinking(out var found) ? found : null).OfType<ThinkingBlock>().ToList();
        thinking.ShouldNotBeEmpty();
        thinking[0].Signature.ShouldNotBeNullOrEmpty();

        var again = await client.Messages.Create(
            wish with { Messages = [asked, new AssistantMessageParam(Replayed(first)), Answered(first)] }, Cancellation);
        again.Content.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5")]
    [InlineData("openai/gpt-5.4-mini")]
    public async Task Answer_follows_the_schema_that_was_asked_for(string model)
    {
        using var client = Client();

        var message = await client.Messages.Create(
            Params(model, "Name a city.") with { OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = Schema("city") } } }, Cancellation);

        JsonDocument.Parse(TextOf(message)).RootElement.GetProperty("city").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Tokens_are_counted_about_as_the_provider_counts_them()
    {
        const string model = "anthropic/claude-sonnet-4-5";
        using var client = Client();
        var text = string.Join(' ', Enumerable.Repeat("The river Rhine is about 1,230 kilometres long.", 20));

        var counted = await client.Messages.CountTokens(new MessageCountTokensParams { Model = model, Messages = [new UserMessageParam(text)] }, Cancellation);
        var billed = await client.Messages.Create(Params(model, text), Cancellation);

        ((double)counted.InputTokens / billed.Usage.InputTokens).ShouldBeInRange(0.7, 1.4);
    }

    [Fact]
    public async Task Models_come_in_pages()
    {
        using var client = Client();
        var page = await client.Models.List(new() { Limit = 5 }, Cancellation);

        page.Items.Count.ShouldBe(5);
        page.HasNext().ShouldBeTrue();
        (await page.Next(Cancellation)).Items.Select(model => model.ID).ShouldNotContain(page.Items[^1].ID);
        (await client.Models.Retrieve("auto", cancellationToken: Cancellation)).ID.ShouldBe("auto");
    }

    [Fact]
    public async Task Errors_are_of_the_kinds_that_the_client_knows()
    {
        using var client = Client();
        using var stranger = Client("sk-orc_dev_nobody");

        await Should.ThrowAsync<AnthropicNotFoundException>(() => client.Messages.Create(Params("no-such-model", Question), Cancellation));
        await Should.ThrowAsync<AnthropicUnauthorizedException>(() => stranger.Messages.Create(Params("auto", Question), Cancellation));
        await Should.ThrowAsync<AnthropicBadRequestException>(() => client.Messages.Create(Params("embedding", Question), Cancellation));
    }

    private static MessageCreateParams Params(string model, string text) => Params(model, [new UserMessageParam(text)]);

    private static MessageCreateParams Params(string model, IReadOnlyList<MessageParam> messages) => new() { Model = model, MaxTokens = 512, Messages = messages };

    private static Dictionary<string, JsonElement> Schema(string property) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(
        $$$"""{"type":"object","properties":{"{{{property}}}":{"type":"string"}},"required":["{{{property}}}"],"additionalProperties":false}""")!;

    private static string TextOf(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));

    private static List<ContentBlockParam> Replayed(Message message)
    {
        var blocks = new List<ContentBlockParam>();
        foreach (var block in message.Content)
        {
            if (block.TryPickThinking(out var thinking))
                blocks.Add(new ThinkingBlockParam { Thinking = thinking.Thinking, Signature = thinking.Signature });
            else if (block.TryPickText(out var text))
                blocks.Add(new TextBlockParam(text.Text));
            else if (block.TryPickToolUse(out var use))
                blocks.Add(new ToolUseBlockParam { ID = use.ID, Name = use.Name, Input = use.Input });
        }

        return blocks;
    }

    private static UserMessageParam Answered(Message message)
    {
        var results = new List<ContentBlockParam>();
        foreach (var block in message.Content)
        {
            if (block.TryPickToolUse(out var use))
                results.Add(new ToolResultBlockParam(use.ID) { Content = "7 degrees" });
        }

        return results.Count > 0 ? new UserMessageParam(results) : new UserMessageParam("Go on.");
    }

    private AnthropicClient Client(string? key = null) => new()
    {
        BaseUrl = system.Endpoints.GatewayHttp,
        ApiKey = key ?? system.Endpoints.DevelopmentKey,
        MaxRetries = 0,
        ResponseValidation = true,
    };
}
