using System.Net;
using System.Text.Json;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>A plain HTTP client with nothing but a bearer key, an address without a version and bodies of its own making.</summary>
public sealed class SimpleClientTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_is_answered_with_the_facts_of_its_routing()
    {
        var json = await PostAsync("/chat/completions", """
            {"model":"deepseek-chat","messages":[{"role":"system","content":"Be brief."},{"role":"context","content":"Parcels may be returned within 30 days."},{"role":"user","content":"How long may I return a parcel?"}],
            "max_tokens":4096,"temperature":0.7,"stream":false}
            """);

        json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString().ShouldNotBeNullOrWhiteSpace();
        var facts = json.GetProperty("orchestration");
        facts.GetProperty("provider").GetString().ShouldBe("deepseek");
        facts.GetProperty("model").GetString().ShouldNotBeNullOrEmpty();
        facts.GetProperty("route").GetString().ShouldNotBeNullOrEmpty();
        facts.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()).ShouldContain("role_mapped");
    }

    [Fact]
    public async Task Embeddings_are_answered_with_the_facts_of_their_routing()
    {
        var json = await PostAsync("/embeddings", """{"model":"embedding","input":"How long may I return a parcel?"}""");

        json.GetProperty("data")[0].GetProperty("embedding").GetArrayLength().ShouldBeGreaterThan(0);
        json.GetProperty("orchestration").GetProperty("provider").GetString().ShouldNotBeNullOrEmpty();
    }

    private async Task<JsonElement> PostAsync(string path, string body)
    {
        using var response = await system.Gateway.PostAsync(path, HttpContentJson.Json(body), Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
