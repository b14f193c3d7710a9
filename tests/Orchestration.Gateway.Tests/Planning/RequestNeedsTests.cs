using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Planning;

namespace Orchestration.Gateway.Tests.Planning;

public sealed class RequestNeedsTests
{
    private static readonly Part Picture = new() { Image = new Image { Url = "data:image/png;base64,AA==" } };

    [Fact]
    public void A_picture_needs_a_model_that_sees_also_where_a_tool_shows_it()
    {
        Needs(Role.User, Picture).ShouldBe(RequestNeeds.Vision);
        Needs(Role.Tool, new Part { ToolResult = new ToolResult { ToolCallId = "c", Parts = { Picture } } }).ShouldBe(RequestNeeds.Vision);
        Needs(Role.Tool, new Part { ToolResult = new ToolResult { ToolCallId = "c", Parts = { new Part { Text = new Text { Text_ = "7" } } } } }).ShouldBe(RequestNeeds.None);
    }

    private static RequestNeeds Needs(Role role, Part part) =>
        RequestNeedsReader.Of(new ChatRequest { Messages = { new Message { Role = role, Parts = { part } } } });
}
