using System.Net;
using System.Text;

namespace Orchestration.FunctionalTests.Chat;

/// <summary>Bad input is the client's fault and says so in OpenAI's words: never a 5xx, never an inner name.</summary>
public sealed class BadInputTests(SystemFixture system)
{
    private const string Good = """{"model":"auto","messages":[{"role":"user","content":"hi"}]}""";

    public static TheoryData<string, string, HttpStatusCode> Bodies => new()
    {
        { "malformed JSON", """{"model":"auto","messages":[""", HttpStatusCode.BadRequest },
        { "no JSON at all", "hello", HttpStatusCode.BadRequest },
        { "empty body", "", HttpStatusCode.BadRequest },
        { "no messages", """{"model":"auto"}""", HttpStatusCode.BadRequest },
        { "empty messages", """{"model":"auto","messages":[]}""", HttpStatusCode.BadRequest },
        { "no model", """{"messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest },
        { "duplicate key", """{"model":"auto","model":"x","messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest },
        { "wrong type", """{"model":"auto","messages":"hi"}""", HttpStatusCode.BadRequest },
        { "n out of range", """{"model":"auto","n":1000,"messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest },
        { "negative max_tokens", """{"model":"auto","max_tokens":-1,"messages":[{"role":"user","content":"hi"}]}""", HttpStatusCode.BadRequest },
        { "too deep", $$"""{"model":"auto","messages":[{"role":"user","content":"hi"}],"x":{{new string('[', 100)}}{{new string(']', 100)}}}""", HttpStatusCode.BadRequest },
        { "unknown model", Good.Replace("auto", "nobody/nothing"), HttpStatusCode.NotFound },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_is_refused(string name, string body, HttpStatusCode expected)
    {
        using var response = await system.Gateway.PostAsync("/v1/chat/completions", HttpContentJson.Json(body), Cancellation);

        response.StatusCode.ShouldBe(expected, name);
        await ShouldBeOpenAIShapedAsync(response);
    }

    [Fact]
    public async Task Missing_key_is_401()
    {
        using var client = new HttpClient { BaseAddress = system.Gateway.BaseAddress };

        using var response = await client.PostAsync("/v1/chat/completions", HttpContentJson.Json(Good), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await ShouldBeOpenAIShapedAsync(response);
    }

    [Fact]
    public async Task Wrong_content_type_is_415()
    {
        using var response = await system.Gateway.PostAsync("/v1/chat/completions", new StringContent(Good, Encoding.UTF8, "text/plain"), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await ShouldBeOpenAIShapedAsync(response);
    }

    [Fact]
    public async Task Too_large_a_body_is_413_before_it_is_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(new byte[64 * 1024 * 1024]) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.ExpectContinue = true;

        using var response = await system.Gateway.SendAsync(request, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        await ShouldBeOpenAIShapedAsync(response);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/embeddings")]
    public async Task Wrong_method_is_405(string path)
    {
        using var response = await system.Gateway.GetAsync(path, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        await ShouldBeOpenAIShapedAsync(response);
    }

    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/admin/v1/requests")]
    [InlineData("//admin/v1/requests")]
    [InlineData("/v1/requests/01a203f1-e11d-72c5-82fa-bd9d21757dec")]
    public async Task Unknown_path_is_404(string path)
    {
        using var response = await system.Gateway.GetAsync(new Uri(system.Endpoints.GatewayHttp + path), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await ShouldBeOpenAIShapedAsync(response);
    }

    private static async Task ShouldBeOpenAIShapedAsync(HttpResponseMessage response)
    {
        response.Headers.Contains("x-request-id").ShouldBeTrue();
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        text.ShouldNotContain("   at ");
        var error = System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("error");
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("type").GetString().ShouldNotBeNullOrWhiteSpace();
        error.TryGetProperty("code", out _).ShouldBeTrue();
        error.TryGetProperty("param", out _).ShouldBeTrue();
    }
}
