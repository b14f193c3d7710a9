using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Collections;

public sealed class CollectionTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Ingestion_token_names_tenant_collection_and_expiry_under_a_signature()
    {
        using var response = await fixture.Gateway.Client.PostAsync("/v1/collections/handbook/ingestion-tokens", null, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await response.JsonAsync();
        var parts = json.GetProperty("token").GetString()!.Split('.');
        parts.Length.ShouldBe(3);
        parts[0].ShouldBe("it1");
        var mac = HMACSHA256.HashData(Convert.FromBase64String(FakePeers.SigningKey), Encoding.UTF8.GetBytes($"ingestion:{parts[0]}.{parts[1]}"));
        Base64Url.DecodeFromChars(parts[2]).ShouldBe(mac);
        var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        payload.GetProperty("tenant").GetString().ShouldBe("development");
        payload.GetProperty("collection").GetString().ShouldBe("handbook");
        DateTimeOffset.FromUnixTimeSeconds(payload.GetProperty("exp").GetInt64()).ShouldBe(json.GetProperty("expires_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task Document_goes_to_indexing_in_the_name_of_the_keys_tenant()
    {
        using var response = await fixture.Gateway.Client.PostAsJsonAsync(
            "/v1/collections/handbook/documents", new { id = "a", text = "Text", tenant = "other" }, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var json = await response.JsonAsync();
        json.GetProperty("title").GetString().ShouldBe("development");
        json.GetProperty("state").GetString().ShouldBe("queued");
    }

    [Fact]
    public async Task Search_returns_passages()
    {
        using var response = await fixture.Gateway.Client.PostAsJsonAsync("/v1/collections/handbook/search", new { query = "what", limit = 3 }, TestContext.Current.CancellationToken);

        (await response.JsonAsync()).GetProperty("data")[0].GetProperty("text").GetString().ShouldBe("what");
    }

    [Fact]
    public async Task Unknown_document_is_404()
    {
        using var response = await fixture.Gateway.Client.GetAsync("/v1/collections/handbook/documents/a/b", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await response.ErrorCodeAsync();
    }

    [Theory]
    [InlineData("/v1/collections/UPPER/search", """{"query":"x"}""")]
    [InlineData("/v1/collections/handbook/search", """{"limit":1}""")]
    [InlineData("/v1/collections/handbook/search", """{"query":null}""")]
    [InlineData("/v1/collections/handbook/search", """{"query":"a","query":"b"}""")]
    [InlineData("/v1/collections/handbook/search", """["query"]""")]
    [InlineData("/v1/collections/handbook/documents", "null")]
    public async Task Bad_input_is_400_in_openai_shape(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await fixture.Gateway.Client.PostAsync(path, content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await response.ErrorCodeAsync();
    }
}
