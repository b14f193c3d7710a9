using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.ChatCompletions;

public sealed class BadInputTests(GatewayFixture fixture)
{
    private const string Good = """{"model":"test:chat","messages":[{"role":"user","content":"Hi"}]}""";

    public static TheoryData<string, string, int> Bodies => new()
    {
        { "empty", "", 400 },
        { "not JSON", "hello", 400 },
        { "cut JSON", """{"model":"test:chat","messages":[""", 400 },
        { "an array", "[]", 400 },
        { "trailing comma", """{"model":"test:chat","messages":[],}""", 400 },
        { "duplicate key", """{"model":"test:chat","model":"test:small","messages":[{"role":"user","content":"Hi"}]}""", 400 },
        { "no model", """{"messages":[{"role":"user","content":"Hi"}]}""", 400 },
        { "no messages", """{"model":"test:chat"}""", 400 },
        { "empty messages", """{"model":"test:chat","messages":[]}""", 400 },
        { "messages of a wrong kind", """{"model":"test:chat","messages":"Hi"}""", 400 },
        { "too many choices", """{"model":"test:chat","n":1000,"messages":[{"role":"user","content":"Hi"}]}""", 400 },
        { "deep JSON", $$"""{"model":"test:chat","x":{{new string('[', 100_000)}}""", 400 },
        { "unknown model", """{"model":"no/such-model","messages":[{"role":"user","content":"Hi"}]}""", 404 },
        { "name without a route", """{"model":"no-route","messages":[{"role":"user","content":"Hi"}]}""", 404 },
        { "embedding model", """{"model":"embedding","messages":[{"role":"user","content":"Hi"}]}""", 400 },
        { "tools for a model without", """{"model":"test/small","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"Hi"}]}""", 400 },
        { "model without a price", """{"model":"test/unpriced","messages":[{"role":"user","content":"Hi"}]}""", 503 },
        { "longer than the context", $$"""{"model":"test/tiny","messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Repeat("word", 500))}}"}]}""", 400 },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Bad_body_is_an_error_in_openai_shape_and_reaches_no_provider(string what, string body, int status)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(body));

        ((int)response.StatusCode).ShouldBe(status, what);
        await response.ErrorCodeAsync();
        fixture.Peers.Providers.Starts.ContainsKey(response.RequestId()).ShouldBeFalse();
        fixture.Gateway.Told<RequestAdmitted>().ShouldNotContain(row => row.RequestId.ToString("D") == response.RequestId());
    }

    [Theory]
    [InlineData("no/such-model", "model_not_found")]
    [InlineData("test/unpriced", "price_unknown")]
    public async Task Reason_is_named_by_its_code(string model, string code)
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: model));

        (await response.ErrorCodeAsync()).ShouldBe(code);
    }

    [Fact]
    public async Task Too_long_prompt_has_the_code_that_clients_look_for()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "test/tiny", text: string.Join(' ', Enumerable.Repeat("word", 500))));

        (await response.ErrorCodeAsync()).ShouldBe("context_length_exceeded");
    }

    [Fact]
    public async Task Unknown_model_names_the_one_that_was_meant()
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(model: "test/chta"));

        (await response.JsonAsync()).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("'test/chat'");
    }

    [Fact]
    public async Task Invalid_utf8_is_refused()
    {
        var body = Encoding.UTF8.GetBytes(Good);
        body[Array.IndexOf(body, (byte)'H')] = 0xC3;
        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await response.ErrorCodeAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task Other_content_type_is_415(string? contentType)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Good), contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await response.ErrorCodeAsync()).ShouldBe("unsupported_media_type");
    }

    [Fact]
    public async Task Compressed_body_is_415()
    {
        using var request = Request(Encoding.UTF8.GetBytes(Good), "application/json");
        request.Content!.Headers.ContentEncoding.Add("gzip");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.api+json")]
    public async Task Every_form_of_json_is_taken(string contentType)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(Good), contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_the_limit_is_413_with_or_without_its_length(bool withLength)
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Gateway:MaxRequestBodyBytes"] = "2048" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        using var request = Request(new byte[10_000], "application/json");
        request.Headers.TransferEncodingChunked = !withLength;
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.ErrorCodeAsync()).ShouldBe("request_too_large");
        response.Headers.ConnectionClose.ShouldBe(true);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_method_is_405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/chat/completions");
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await response.ErrorCodeAsync()).ShouldBe("method_not_allowed");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/chat/completions/more")]
    [InlineData("//admin/v1/requests")]
    [InlineData("/v1/%2e%2e/admin/v1/system")]
    public async Task Unknown_url_is_404_in_openai_shape(string path)
    {
        using var response = await fixture.Gateway.Client.GetAsync(new Uri(fixture.Gateway.HttpAddress.GetLeftPart(UriPartial.Authority) + path), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await response.ErrorCodeAsync();
    }

    [Theory]
    [InlineData("x-orchestration-session", "with space")]
    [InlineData("x-orchestration-complexity", "gigantic")]
    [InlineData("x-orchestration-cost-cap", "much")]
    [InlineData("x-orchestration-cost-cap", "-1 USD")]
    [InlineData("x-orchestration-deadline-ms", "0")]
    public async Task Bad_hint_is_400(string header, string value)
    {
        using var request = Request(Encoding.UTF8.GetBytes(Good), "application/json");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await response.ErrorCodeAsync();
    }

    private Task<HttpResponseMessage> PostAsync(byte[] body, string? contentType = "application/json") =>
        fixture.Gateway.Client.SendAsync(Request(body, contentType), TestContext.Current.CancellationToken);

    private static HttpRequestMessage Request(byte[] body, string? contentType)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
    }
}
