using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Messages;

/// <summary>Whatever refuses a request of this protocol, it says so in the protocol's shape.</summary>
public sealed class MessagesErrorTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task Request_without_a_key_is_an_authentication_error(string path)
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, "");
        using var response = await client.PostMessagesAsync(MessagesCall.Body(), path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.AnthropicErrorAsync()).ShouldBe("authentication_error");
    }

    [Fact]
    public async Task Key_in_the_protocols_own_header_is_taken()
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, "");
        client.DefaultRequestHeaders.Add("x-api-key", fixture.Gateway.Settings.ClientKey);
        using var response = await client.PostMessagesAsync(MessagesCall.Body());

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("/v1/messages")]
    [InlineData("/v1/messages/count_tokens")]
    public async Task What_a_key_may_not_do_is_a_permission_error(string path)
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        var (_, scopeless) = await fixture.Gateway.NewKeyAsync(tenant, new() { ["scopes"] = new[] { "embeddings" } });
        var (_, modelless) = await fixture.Gateway.NewKeyAsync(tenant, new() { ["models"] = new[] { "test/small" } });

        foreach (var key in (string[])[scopeless, modelless])
        {
            using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, key);
            using var response = await client.PostMessagesAsync(MessagesCall.Body(), path);

            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await response.AnthropicErrorAsync()).ShouldBe("permission_error");
        }
    }

    [Theory]
    [InlineData("GET", "/v1/messages", 405, "invalid_request_error")]
    [InlineData("POST", "/v1/messages/batches", 404, "not_found_error")]
    [InlineData("GET", "/v1/models/nothing", 404, "not_found_error")]
    public async Task What_routing_refuses_has_the_protocols_shape(string method, string path, int status, string type)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "anthropic-version", "2023-06-01" } } };
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        (await response.AnthropicErrorAsync()).ShouldBe(type);
    }

    [Theory]
    [InlineData("""{"model":"test:chat","messages":[{"role":"user","content":"Hi"}]}""", 400, "max_tokens")]
    [InlineData("""{"model":"test:chat","max_tokens":5,"messages":[{"role":"robot","content":"Hi"}]}""", 400, "role")]
    [InlineData("""{"model":"test:chat","max_tokens":5,"max_tokens":6,"messages":[]}""", 400, "JSON")]
    [InlineData("""{"model":"no/such","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}""", 404, "no/such")]
    public async Task Bad_body_is_refused_and_the_culprit_is_named(string body, int status, string named)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await fixture.Gateway.Client.PostAsync("/v1/messages", content, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        await response.AnthropicErrorAsync();
        (await response.TextAsync()).ShouldContain(named);
    }

    [Fact]
    public async Task Body_of_another_type_is_415()
    {
        using var content = new StringContent("Hi", MediaTypeHeaderValue.Parse("text/plain"));
        using var response = await fixture.Gateway.Client.PostAsync("/v1/messages", content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await response.AnthropicErrorAsync()).ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Body_over_the_limit_is_too_large()
    {
        using var content = new ByteArrayContent(new byte[33 * 1024 * 1024]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = content, Headers = { ExpectContinue = true } };
        using var response = await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.AnthropicErrorAsync()).ShouldBe("request_too_large");
    }

    [Fact]
    public async Task Too_long_prompt_says_the_words_that_clients_look_for()
    {
        using var response = await fixture.Gateway.Client.PostMessagesAsync(
            MessagesCall.Body(string.Join(' ', Enumerable.Repeat("word", 500)), model: "test/tiny"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.TextAsync()).ShouldContain("prompt is too long");
    }

    [Fact]
    public async Task Tokens_are_counted_without_a_provider_and_without_an_output_limit()
    {
        var body = MessagesCall.Body("How long is the river Rhine?");
        body.Remove("max_tokens");
        body["tools"] = new JsonArray(new JsonObject { ["name"] = "f", ["description"] = "A tool", ["input_schema"] = new JsonObject { ["type"] = "object" } });
        using var response = await fixture.Gateway.Client.PostMessagesAsync(body, "/v1/messages/count_tokens");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        json.GetProperty("input_tokens").GetInt32().ShouldBeInRange(8, 60);
        json.GetProperty("orchestration").GetProperty("estimated").GetBoolean().ShouldBeTrue();
        fixture.Peers.Providers.Starts.ContainsKey(response.RequestId()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("embedding", HttpStatusCode.BadRequest, "invalid_request_error")]
    [InlineData("no/such", HttpStatusCode.NotFound, "not_found_error")]
    public async Task Tokens_are_counted_for_chat_models_only(string model, HttpStatusCode status, string type)
    {
        using var response = await fixture.Gateway.Client.PostMessagesAsync(MessagesCall.Body(model: model), "/v1/messages/count_tokens");

        response.StatusCode.ShouldBe(status);
        (await response.AnthropicErrorAsync()).ShouldBe(type);
    }
}
