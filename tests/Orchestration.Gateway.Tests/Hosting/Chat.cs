using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Requests as raw HTTP clients send them.</summary>
internal static class Chat
{
    public static JsonObject Body(string? script = null, bool stream = false, string model = "test:chat", string text = "Hi")
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        };
        if (script is not null)
            body["metadata"] = new JsonObject { ["script"] = script };
        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        return body;
    }

    public static Task<HttpResponseMessage> PostAsync(this HttpClient client, JsonObject body) => client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(body) },
        HttpCompletionOption.ResponseHeadersRead,
        TestContext.Current.CancellationToken);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;

    public static Task<string> TextAsync(this HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static string Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";

    public static string RequestId(this HttpResponseMessage response) => response.Header("x-request-id");

    /// <summary>Checks that an answer is an error in OpenAI's shape and returns its code.</summary>
    public static async Task<string> ErrorCodeAsync(this HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.RequestId().ShouldNotBeEmpty();
        response.Header("x-should-retry").ShouldBeOneOf("true", "false");
        var json = await response.JsonAsync();
        var error = json.GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        error.TryGetProperty("param", out _).ShouldBeTrue();
        json.ToString().ShouldNotContain("   at ");
        return error.GetProperty("code").GetString() ?? "";
    }
}
