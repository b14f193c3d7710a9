using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Messages;

/// <summary>Requests as Anthropic's clients send them.</summary>
internal static class MessagesCall
{
    public static JsonObject Body(string text = "Hi", bool stream = false, string model = "test:chat")
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["max_tokens"] = 100,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        };
        if (stream)
            body["stream"] = true;
        return body;
    }

    public static Task<HttpResponseMessage> PostMessagesAsync(this HttpClient client, JsonObject body, string path = "/v1/messages") => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body), Headers = { { "anthropic-version", "2023-06-01" } } },
        HttpCompletionOption.ResponseHeadersRead,
        TestContext.Current.CancellationToken);

    /// <summary>The events of a whole stream, each with its type.</summary>
    public static async Task<IReadOnlyList<(string Type, JsonElement Data)>> EventsAsync(this HttpResponseMessage response)
    {
        var text = await response.TextAsync();
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>Checks that an answer is an error in Anthropic's shape and returns its type.</summary>
    public static async Task<string> AnthropicErrorAsync(this HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Header("request-id").ShouldBe(response.RequestId());
        response.Header("x-should-retry").ShouldBeOneOf("true", "false");
        var json = await response.JsonAsync();
        json.GetProperty("type").GetString().ShouldBe("error");
        json.GetProperty("request_id").GetString().ShouldBe(response.RequestId());
        json.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        return json.GetProperty("error").GetProperty("type").GetString()!;
    }

    private static (string Type, JsonElement Data) Parse(string block)
    {
        var lines = block.Split('\n');
        lines.Length.ShouldBe(2, block);
        var type = lines[0]["event: ".Length..];
        var data = JsonDocument.Parse(lines[1]["data: ".Length..]).RootElement;
        data.GetProperty("type").GetString().ShouldBe(type);
        return (type, data);
    }
}
