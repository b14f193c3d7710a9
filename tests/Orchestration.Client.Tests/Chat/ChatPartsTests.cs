using Microsoft.Extensions.AI;
using Orchestration.Client.Chat;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Client.Tests.Chat;

public sealed class ChatPartsTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    [Fact]
    public void Image_by_value_keeps_its_bytes()
    {
        var image = ChatParts.From(new DataContent(Bytes, "image/png"))!.Image;

        image.Data.ToByteArray().ShouldBe(Bytes);
        image.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public void Image_by_address_keeps_its_address() =>
        ChatParts.From(new UriContent("https://example.org/a.png", "image/png"))!.Image.Url.ShouldBe("https://example.org/a.png");

    [Fact]
    public void Document_keeps_its_name()
    {
        var file = ChatParts.From(new DataContent(Bytes, "application/pdf") { Name = "terms.pdf" })!.File;

        (file.MediaType, file.FileName).ShouldBe(("application/pdf", "terms.pdf"));
        file.Data.ToByteArray().ShouldBe(Bytes);
    }

    [Fact]
    public void Document_by_address_is_a_file() =>
        ChatParts.From(new UriContent("https://example.org/a.pdf", "application/pdf"))!.File.Url.ShouldBe("https://example.org/a.pdf");

    [Fact]
    public void Stored_file_is_named_by_its_id() =>
        ChatParts.From(new HostedFileContent("file-1"))!.File.ShouldBe(new Contracts.Chat.V1.File { FileId = "file-1" });

    [Theory]
    [InlineData("audio/wav", "wav")]
    [InlineData("audio/mpeg", "mp3")]
    public void Sound_is_sent_as_sound(string mediaType, string format) =>
        ChatParts.From(new DataContent(Bytes, mediaType))!.Audio.ShouldBe(new Audio { Base64 = Convert.ToBase64String(Bytes), Format = format });

    [Fact]
    public void Sound_in_another_format_is_a_file() =>
        ChatParts.From(new DataContent(Bytes, "audio/flac"))!.File.MediaType.ShouldBe("audio/flac");

    [Fact]
    public void Contents_that_no_provider_takes_are_left_out() =>
        ChatParts.From(new UsageContent(new UsageDetails())).ShouldBeNull();

    [Fact]
    public void Reasoning_and_its_signature_go_back_as_they_came()
    {
        var part = new Part { Reasoning = new ReasoningPart { Text = "Let me see.", Signature = "c2ln" } };

        ChatParts.From(ChatParts.To(part)!).ShouldBe(part);
    }

    [Fact]
    public void Refusal_goes_back_as_a_refusal()
    {
        var part = new Part { Refusal = new Refusal { Text = "I may not." } };

        ChatParts.From(ChatParts.To(part)!).ShouldBe(part);
    }

    [Fact]
    public void Failed_tool_is_marked()
    {
        var result = ChatParts.From(new FunctionResultContent("call-1", "no such city") { Exception = new InvalidOperationException() })!.ToolResult;

        (result.ToolCallId, result.IsError, result.Parts.Single().Text.Text_).ShouldBe(("call-1", true, "no such city"));
    }

    [Fact]
    public void Tool_may_answer_with_a_picture()
    {
        var result = ChatParts.From(new FunctionResultContent("call-1", new AIContent[] { new TextContent("A map:"), new DataContent(Bytes, "image/png") }))!.ToolResult;

        result.Parts.Select(part => part.ContentCase).ShouldBe([Part.ContentOneofCase.Text, Part.ContentOneofCase.Image]);
    }
}
