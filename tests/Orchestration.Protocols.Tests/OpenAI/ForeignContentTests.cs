using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Protocols.OpenAI;
using File = Orchestration.Contracts.Chat.V1.File;

namespace Orchestration.Protocols.Tests.OpenAI;

/// <summary>Content of requests that came in another protocol.</summary>
public sealed class ForeignContentTests
{
    [Fact]
    public void Image_of_a_tool_result_follows_in_a_message_of_the_user()
    {
        var encoded = Encode(new Message
        {
            Role = Role.User,
            Parts = { Result("c1", TextPart("one"), TextPart("two"), Picture()), Result("c2", TextPart("three")) },
        });

        Messages(encoded).ShouldBe(
            """[{"role":"tool","tool_call_id":"c1","content":"one\ntwo\n[The content follows in the next message.]"},{"role":"tool","tool_call_id":"c2","content":"three"},"""
            + """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}]}]""");
        encoded.Warnings.ShouldHaveSingleItem().Code.ShouldBe("parameter_changed");
        encoded.Refused.ShouldBeNull();
    }

    [Fact]
    public void Image_of_a_tool_result_stands_before_the_next_turn()
    {
        var encoded = Encode(
            new Message { Role = Role.User, Parts = { Result("c1", Picture()) } },
            new Message { Role = Role.Assistant, Parts = { TextPart("I see.") } });

        JsonNode.Parse(Messages(encoded))!.AsArray().Select(message => (string)message!["role"]!).ShouldBe(["tool", "user", "assistant"]);
    }

    [Theory]
    [InlineData("", "parameter_changed")]
    [InlineData("prefix", null)]
    public void Beginning_of_an_answer_is_marked_or_its_client_is_told(string field, string? warning)
    {
        var request = new ChatRequest { Protocol = Protocol.AnthropicMessages, Messages = { new Message { Role = Role.Assistant, Parts = { TextPart("I see") } } } };

        var encoded = OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "m", Stream = false, PrefillField = field });

        encoded.Warnings.SingleOrDefault()?.Code.ShouldBe(warning);
        encoded.Warnings.Count.ShouldBe(warning is null ? 0 : 1);
        Messages(encoded).Contains("\"prefix\":true", StringComparison.Ordinal).ShouldBe(warning is null);
    }

    [Fact]
    public void Blocks_of_tools_that_only_the_other_provider_runs_are_dropped_with_a_warning()
    {
        var encoded = Encode(new Message { Role = Role.Assistant, Parts = { TextPart("Found."), Kept("""{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}""") } });

        Messages(encoded).ShouldBe("""[{"role":"assistant","content":"Found."}]""");
        (encoded.Warnings.ShouldHaveSingleItem().Code, encoded.Refused).ShouldBe(("parameter_dropped", null));
    }

    [Theory]
    [InlineData("""{"type":"image","source":{"type":"file","file_id":"file_1"}}""")]
    [InlineData("""{"type":"document","source":{"type":"content","content":[{"type":"text","text":"a"}]}}""")]
    public void Images_and_documents_that_cannot_be_said_are_refused(string block) =>
        Encode(new Message { Role = Role.User, Parts = { TextPart("See."), Kept(block) } }).Refused!.Code.ShouldBe("unsupported_content");

    [Fact]
    public void Files_by_address_or_by_anothers_id_are_refused()
    {
        Encode(new Message { Role = Role.User, Parts = { new Part { File = new File { Url = "https://a.example/a.pdf" } } } }).Refused!.Param.ShouldBe("messages[0]");
        Encode(new Message { Role = Role.User, Parts = { new Part { File = new File { FileId = "file_1" } } } }).Refused.ShouldNotBeNull();
    }

    [Fact]
    public void File_without_a_name_is_given_one() =>
        Messages(Encode(new Message { Role = Role.User, Parts = { new Part { File = new File { Url = "data:application/pdf;base64,AQID", MediaType = "application/pdf" } } } })).ShouldBe(
            """[{"role":"user","content":[{"type":"file","file":{"file_data":"data:application/pdf;base64,AQID","filename":"document.pdf"}}]}]""");

    [Fact]
    public void Requests_of_the_same_protocol_keep_addresses_and_unknown_parts()
    {
        var request = new ChatRequest { Protocol = Protocol.OpenaiChat, Messages = { new Message { Role = Role.User, Parts = { new Part { File = new File { FileId = "file_1" } }, Kept("""{"type":"document","x":1}""") } } } };
        var encoded = OpenAIChatRequestEncoder.Encode(request, new OpenAIRequestTarget { Model = "m", Stream = false });

        encoded.Refused.ShouldBeNull();
        Messages(encoded).ShouldBe("""[{"role":"user","content":[{"type":"file","file":{"file_id":"file_1"}},{"type":"document","x":1}]}]""");
    }

    private static EncodedRequest Encode(params Message[] messages) => OpenAIChatRequestEncoder.Encode(
        new ChatRequest { Protocol = Protocol.AnthropicMessages, Messages = { messages } }, new OpenAIRequestTarget { Model = "m", Stream = false });

    private static string Messages(EncodedRequest encoded) => JsonNode.Parse(Encoding.UTF8.GetString(encoded.Body.Span))!["messages"]!.ToJsonString();

    private static Part Result(string id, params Part[] parts) => new() { ToolResult = new ToolResult { ToolCallId = id, Parts = { parts } } };

    private static Part TextPart(string text) => new() { Text = new Text { Text_ = text } };

    private static Part Picture() => new() { Image = new Image { Data = ByteString.CopyFrom(1, 2, 3), MediaType = "image/png" } };

    private static Part Kept(string block) => new() { Extensions = block };
}
