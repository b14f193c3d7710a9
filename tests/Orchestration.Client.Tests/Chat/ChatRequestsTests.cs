using System.Text.Json;
using Microsoft.Extensions.AI;
using Orchestration.Client.Chat;
using Orchestration.Client.Tests.Hosting;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Tests.Chat;

public sealed class ChatRequestsTests
{
    [Theory]
    [InlineData(null, "default")]
    [InlineData("deepseek:chat", "deepseek:chat")]
    public void Request_names_the_wanted_model_or_the_default(string? wanted, string sent) =>
        From([], new ChatOptions { ModelId = wanted }).Model.ShouldBe(sent);

    [Theory]
    [InlineData("system", Role.System)]
    [InlineData("developer", Role.Developer)]
    [InlineData("user", Role.User)]
    [InlineData("assistant", Role.Assistant)]
    [InlineData("tool", Role.Tool)]
    public void Roles_are_kept(string role, Role expected) =>
        From([new ChatMessage(new ChatRole(role), "text")]).Messages.Single().Role.ShouldBe(expected);

    [Fact]
    public void Instructions_stand_before_the_conversation()
    {
        var request = From([new ChatMessage(ChatRole.User, "Hello") { AuthorName = "anna" }], new ChatOptions { Instructions = "Be brief." });

        request.Messages.Select(m => (m.Role, m.Name, m.Parts.Single().Text.Text_))
            .ShouldBe([(Role.System, "", "Be brief."), (Role.User, "anna", "Hello")]);
    }

    [Fact]
    public void Tool_that_is_no_function_is_refused_by_name() =>
        Should.Throw<NotSupportedException>(() => From([], new ChatOptions { Tools = [new HostedWebSearchTool()] })).Message.ShouldContain("web_search");

    [Fact]
    public void Absent_options_send_nothing()
    {
        var request = From([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions());

        request.ShouldBe(new ChatRequest
        {
            Model = "default",
            Messages = { new Message { Role = Role.User, Parts = { Answers.Text("Hello") } } },
        });
    }

    [Fact]
    public void Sampling_is_sent_as_the_caller_wrote_it()
    {
        var request = From([], new ChatOptions
        {
            Temperature = 0.7f,
            TopP = 0.95f,
            TopK = 40,
            FrequencyPenalty = -0.1f,
            PresencePenalty = 1.3f,
            Seed = 42,
            MaxOutputTokens = 100,
            StopSequences = ["END"],
            AllowMultipleToolCalls = false,
        });

        request.Sampling.ShouldBe(new Sampling { Temperature = 0.7, TopP = 0.95, TopK = 40, FrequencyPenalty = -0.1, PresencePenalty = 1.3, Seed = 42 });
        request.MaxOutputTokens.ShouldBe(100);
        request.Stop.ShouldBe(["END"]);
        request.HasParallelToolCalls.ShouldBeTrue();
        request.ParallelToolCalls.ShouldBeFalse();
    }

    [Fact]
    public void Zero_temperature_is_not_taken_for_an_absent_one() =>
        From([], new ChatOptions { Temperature = 0 }).Sampling.HasTemperature.ShouldBeTrue();

    [Theory]
    [InlineData(ReasoningEffort.None, "none")]
    [InlineData(ReasoningEffort.Low, "low")]
    [InlineData(ReasoningEffort.ExtraHigh, "xhigh")]
    public void Reasoning_effort_is_sent(ReasoningEffort effort, string sent) =>
        From([], new ChatOptions { Reasoning = new ReasoningOptions { Effort = effort, Output = ReasoningOutput.Full } })
            .Reasoning.ShouldBe(new Reasoning { Effort = sent, Summary = "detailed" });

    [Fact]
    public void Tools_carry_their_schema()
    {
        var tool = AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather.");

        var sent = From([], new ChatOptions { Tools = [tool] }).Tools.Single();

        (sent.Name, sent.Description).ShouldBe(("weather", "Tells the weather."));
        JsonDocument.Parse(sent.Parameters).RootElement.GetProperty("properties").TryGetProperty("city", out _).ShouldBeTrue();
    }

    [Fact]
    public void Tool_modes_are_told_apart()
    {
        From([], new ChatOptions()).ToolChoice.ShouldBeNull();
        Choice(ChatToolMode.Auto).ShouldBe(new ToolChoice { Mode = ToolChoiceMode.Auto });
        Choice(ChatToolMode.None).ShouldBe(new ToolChoice { Mode = ToolChoiceMode.None });
        Choice(ChatToolMode.RequireAny).ShouldBe(new ToolChoice { Mode = ToolChoiceMode.Required });
        Choice(ChatToolMode.RequireSpecific("weather")).ShouldBe(new ToolChoice { Mode = ToolChoiceMode.Named, Name = "weather" });

        static ToolChoice Choice(ChatToolMode mode) => From([], new ChatOptions { ToolMode = mode }).ToolChoice;
    }

    [Fact]
    public void Structured_output_carries_name_and_schema()
    {
        var schema = JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""").RootElement;

        var format = From([], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "place", "A place.") }).ResponseFormat;

        format.ShouldBe(new ResponseFormat { Kind = ResponseFormatKind.JsonSchema, Schema = schema.GetRawText(), SchemaName = "place", SchemaDescription = "A place." });
        From([], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).ResponseFormat.Kind.ShouldBe(ResponseFormatKind.JsonObject);
        From([], new ChatOptions { ResponseFormat = ChatResponseFormat.Text }).ResponseFormat.Kind.ShouldBe(ResponseFormatKind.Text);
    }

    [Fact]
    public void What_options_cannot_say_is_taken_from_a_raw_request()
    {
        var raw = new ChatRequest { ChoiceCount = 3, Hints = new RoutingHints { Complexity = "simple" }, Sampling = new Sampling { TopK = 5 } };

        var request = From([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions { Temperature = 1, RawRepresentationFactory = _ => raw });

        request.ChoiceCount.ShouldBe(3);
        request.Hints.Complexity.ShouldBe("simple");
        request.Sampling.ShouldBe(new Sampling { TopK = 5, Temperature = 1 });
        request.Messages.Count.ShouldBe(1);
    }

    private static ChatRequest From(IEnumerable<ChatMessage> messages, ChatOptions? options = null) =>
        ChatRequests.From(messages, options, "default", null!);
}
