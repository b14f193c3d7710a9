using Microsoft.Extensions.AI;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Tests.Chat;

public sealed class ToolArgumentsTests
{
    [Theory]
    [InlineData("""{ "city" : "Köln", "days":1.50 }""")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"city\": \"Kö")]
    public void Unchanged_call_goes_back_in_the_models_own_letters(string arguments)
    {
        var call = new ToolCall { Id = "call-1", Name = "weather", Arguments = arguments, Signature = "c2ln", Kind = "function" };

        ToolArguments.Write(ToolArguments.Read(call)).ShouldBe(call);
    }

    [Fact]
    public void Changed_arguments_are_sent_changed()
    {
        var content = ToolArguments.Read(new ToolCall { Id = "call-1", Name = "weather", Arguments = """{"city":"Bonn"}""" });
        content.Arguments!["city"] = "Köln";

        ToolArguments.Write(content).Arguments.ShouldBe("""{"city":"Köln"}""");
    }

    [Fact]
    public void Call_that_was_stored_and_read_again_keeps_its_signature()
    {
        var stored = ToolArguments.Read(new ToolCall { Id = "call-1", Name = "weather", Arguments = "{}", Signature = "c2ln" });
        var json = System.Text.Json.JsonSerializer.Serialize<AIContent>(stored, AIJsonUtilities.DefaultOptions);

        var read = (FunctionCallContent)System.Text.Json.JsonSerializer.Deserialize<AIContent>(json, AIJsonUtilities.DefaultOptions)!;

        ToolArguments.Write(read).Signature.ShouldBe("c2ln");
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"city\":")]
    [InlineData("plain words")]
    public void Arguments_that_are_no_object_are_told_and_not_made_up(string arguments)
    {
        var content = ToolArguments.Read(new ToolCall { Id = "call-1", Name = "weather", Arguments = arguments });

        content.Arguments.ShouldBeNull();
        content.Exception.ShouldNotBeNull();
    }

    [Fact]
    public void Empty_arguments_are_an_empty_object()
    {
        var content = ToolArguments.Read(new ToolCall { Id = "call-1", Name = "now" });

        content.Arguments!.ShouldBeEmpty();
        content.Exception.ShouldBeNull();
    }

    [Fact]
    public void Results_are_text_as_it_is_and_anything_else_as_json()
    {
        ToolArguments.WriteResult("sunny").ShouldBe("sunny");
        ToolArguments.WriteResult(System.Text.Json.JsonDocument.Parse("\"sunny\"").RootElement).ShouldBe("sunny");
        ToolArguments.WriteResult(new Dictionary<string, object> { ["城市"] = "科隆" }).ShouldBe("""{"城市":"科隆"}""");
        ToolArguments.WriteResult(null).ShouldBe("null");
    }
}
