using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Tests.OpenAI;

/// <summary>Models that reason by default and cannot be made to call a tool while they do.</summary>
public sealed class YieldingReasoningTests
{
    private static readonly ThinkingSwitch Yielding = new() { Form = "thinking", ByDefault = true, YieldsToForcedTool = true, YieldsToLostReasoning = true };

    [Theory]
    [InlineData(ToolChoiceMode.Required)]
    [InlineData(ToolChoiceMode.Named)]
    public void A_forced_tool_switches_reasoning_off_and_says_so(ToolChoiceMode mode)
    {
        var encoded = Encode(new ToolChoice { Mode = mode, Name = "get_weather" }, reasoning: null);

        Thinking(encoded).ShouldBe("disabled");
        encoded.Warnings.ShouldContain(w => w.Param == "reasoning" && w.Code == "parameter_changed");
    }

    [Fact]
    public void A_caller_who_asked_for_reasoning_keeps_it()
    {
        var encoded = Encode(new ToolChoice { Mode = ToolChoiceMode.Required }, new Reasoning { Enabled = true });

        Thinking(encoded).ShouldBe("enabled");
    }

    [Fact]
    public void A_free_choice_changes_nothing()
    {
        var encoded = Encode(new ToolChoice { Mode = ToolChoiceMode.Auto }, reasoning: null);

        Thinking(encoded).ShouldBeNull();
        encoded.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "disabled")]
    [InlineData("I look it up.", null)]
    public void A_conversation_that_lost_its_reasoning_switches_reasoning_off(string kept, string? expected)
    {
        var turn = new Message { Role = Role.Assistant, Parts = { new Part { ToolCall = new ToolCall { Id = "c1", Name = "get_weather", Arguments = "{}" } } } };
        if (kept.Length > 0) turn.Parts.Insert(0, new Part { Reasoning = new ReasoningPart { Text = kept } });
        var result = new Message { Role = Role.Tool, Parts = { new Part { ToolResult = new ToolResult { ToolCallId = "c1", Parts = { new Part { Text = new Text { Text_ = "7" } } } } } } };

        Thinking(Encode(new ToolChoice { Mode = ToolChoiceMode.Auto }, reasoning: null, turn, result)).ShouldBe(expected);
    }

    [Fact]
    public void An_effort_alone_does_not_keep_reasoning_that_the_provider_would_refuse()
    {
        var encoded = Encode(new ToolChoice { Mode = ToolChoiceMode.Auto }, new Reasoning { Effort = "high" }, LostTurn());

        Thinking(encoded).ShouldBe("disabled");
        Encoding.UTF8.GetString(encoded.Body.Span).ShouldNotContain("reasoning_effort");
        encoded.Warnings.ShouldContain(w => w.Param == "reasoning" && w.Code == "parameter_changed");
    }

    [Fact]
    public void Reasoning_that_was_asked_for_by_name_stays_although_the_conversation_lost_it() =>
        Thinking(Encode(new ToolChoice { Mode = ToolChoiceMode.Auto }, new Reasoning { Enabled = true, Effort = "high" }, LostTurn())).ShouldBe("enabled");

    private static Message[] LostTurn() =>
    [
        new() { Role = Role.Assistant, Parts = { new Part { ToolCall = new ToolCall { Id = "c1", Name = "get_weather", Arguments = "{}" } } } },
        new() { Role = Role.Tool, Parts = { new Part { ToolResult = new ToolResult { ToolCallId = "c1", Parts = { new Part { Text = new Text { Text_ = "7" } } } } } } },
    ];

    private static EncodedRequest Encode(ToolChoice choice, Reasoning? reasoning, params Message[] later)
    {
        var request = new ChatRequest
        {
            Model = "m",
            MaxOutputTokens = 100,
            Protocol = Protocol.OpenaiChat,
            Messages = { new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = "The weather?" } } } } },
            Tools = { new Tool { Name = "get_weather", Parameters = """{"type":"object","properties":{}}""" } },
            ToolChoice = choice,
            Reasoning = reasoning,
        };
        request.Messages.AddRange(later);
        return OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "m", Stream = false, Thinking = Yielding });
    }

    private static string? Thinking(EncodedRequest encoded)
    {
        using var body = JsonDocument.Parse(encoded.Body);
        return body.RootElement.TryGetProperty("thinking", out var thinking) ? thinking.GetProperty("type").GetString() : null;
    }
}
