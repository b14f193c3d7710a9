using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>The requests that every vendor gets.</summary>
internal static class SampleRequests
{
    public const string Topic = "the harbour at dawn";
    private const string City = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";
    private static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static ChatRequest Plain(bool stream, string text = Topic) => new()
    {
        Model = "conformance",
        Stream = stream,
        MaxOutputTokens = 1000,
        Protocol = Protocol.OpenaiChat,
        Messages = { User(new Part { Text = new Text { Text_ = text } }) },
    };

    public static ChatRequest Tools(bool parallel, bool reasoning)
    {
        var request = Plain(true, parallel ? "Use get_weather and get_time, both at the same time, for Oslo." : "Use the tool get_weather for Oslo.");
        request.Tools.Add(new Tool { Name = "get_weather", Description = "Weather of a city", Parameters = City });
        if (parallel)
        {
            request.Tools.Add(new Tool { Name = "get_time", Description = "Time in a city", Parameters = City });
            request.ParallelToolCalls = true;
        }
        if (reasoning)
            (request.Reasoning, request.MaxOutputTokens) = (new Reasoning { Enabled = true, Effort = "low" }, 4000);
        return request;
    }

    /// <summary>The next turn: everything that the model said, and the results of its calls.</summary>
    public static ChatRequest Answered(ChatRequest request, ChatReply reply)
    {
        var next = request.Clone();
        var said = reply.Message!.Clone();
        said.Role = Role.Assistant;
        next.Messages.Add(said);
        foreach (var call in reply.Calls)
        {
            next.Messages.Add(new Message
            {
                Role = Role.Tool,
                Parts = { new Part { ToolResult = new ToolResult { ToolCallId = call.Id, Parts = { new Part { Text = new Text { Text_ = "18 degrees" } } } } } },
            });
        }
        return next;
    }

    public static ChatRequest Schema()
    {
        var request = Plain(true, "Name a city. Answer in JSON.");
        request.ResponseFormat = new ResponseFormat
        {
            Kind = ResponseFormatKind.JsonSchema,
            SchemaName = "city",
            Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""",
            Strict = true,
        };
        return request;
    }

    public static ChatRequest Image()
    {
        var request = Plain(true);
        request.Messages[0].PlainContent = false;
        request.Messages[0].Parts.Add(new Part { Image = new Image { Data = ByteString.CopyFrom(Pixel), MediaType = "image/png" } });
        return request;
    }

    private static Message User(Part part) => new() { Role = Role.User, PlainContent = true, Parts = { part } };
}
