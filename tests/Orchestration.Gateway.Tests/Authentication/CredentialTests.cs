using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

/// <summary>Every public route against every kind of credential.</summary>
public sealed class CredentialTests(GatewayFixture fixture)
{
    private static readonly string UnknownKey = TestKeys.Create();

    public static TheoryData<string, string> Routes => new()
    {
        { "POST", "/v1/chat/completions" },
        { "POST", "/chat/completions" },
        { "POST", "/v1/responses" },
        { "POST", "/responses" },
        { "POST", "/v1/embeddings" },
        { "POST", "/embeddings" },
        { "GET", "/v1/models" },
        { "GET", "/v1/models/auto" },
        { "GET", "/v1/requests/0193b8e0-0000-7000-8000-000000000000" },
        { "POST", "/v1/collections/docs/ingestion-tokens" },
        { "POST", "/v1/collections/docs/documents" },
        { "GET", "/v1/collections/docs/documents/x" },
        { "POST", "/v1/collections/docs/search" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_is_open_without_a_key(string method, string path)
    {
        using var response = await SendAsync(method, path);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.ErrorCodeAsync()).ShouldBe("missing_api_key");
        response.Header("x-should-retry").ShouldBe("false");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_takes_an_unknown_or_an_admin_key(string method, string path)
    {
        foreach (var key in (string[])[UnknownKey, fixture.Gateway.Settings.AdminKey, "sk-something-else"])
        {
            using var response = await SendAsync(method, path, ("Authorization", $"Bearer {key}"));

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await response.ErrorCodeAsync()).ShouldBe("invalid_api_key");
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_route_takes_two_different_credentials(string method, string path)
    {
        using var response = await SendAsync(
            method, path, ("Authorization", $"Bearer {fixture.Gateway.Settings.ClientKey}"), ("x-api-key", UnknownKey));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("ambiguous_credentials");
    }

    [Theory]
    [InlineData("?api_key=")]
    [InlineData("?key=")]
    [InlineData("?access_token=")]
    public async Task Key_in_the_query_is_refused_even_beside_a_good_header(string query)
    {
        var key = fixture.Gateway.Settings.ClientKey;
        using var response = await SendAsync("GET", "/v1/models" + query + key, ("Authorization", $"Bearer {key}"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.TextAsync()).ShouldNotContain(key);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("authorization", "bearer ")]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    public async Task Good_key_is_taken_from_each_of_the_three_headers(string header, string prefix)
    {
        using var response = await SendAsync("GET", "/v1/models", (header, prefix + fixture.Gateway.Settings.ClientKey));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Same_key_in_two_headers_is_one_credential()
    {
        var key = fixture.Gateway.Settings.ClientKey;
        using var response = await SendAsync("GET", "/v1/models", ("Authorization", $"Bearer {key}"), ("x-api-key", key));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Known_key_goes_on_without_the_database_and_an_unknown_one_gets_503()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Keys:CacheFor"] = "00:00:00.100" } };
        await using var proxy = new TcpRelay(new Uri(settings.ToConfiguration()["Database:Endpoint"]!));
        settings = settings with { More = new Dictionary<string, string?>(settings.More) { ["Database:Endpoint"] = $"tcp://127.0.0.1:{proxy.Port}" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        using (var before = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken))
            before.StatusCode.ShouldBe(HttpStatusCode.OK);

        await proxy.CutAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(150), TestContext.Current.CancellationToken);

        using var known = await gateway.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        known.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stranger = GatewayHost.NewClient(gateway.HttpAddress, UnknownKey);
        using var unknown = await stranger.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        unknown.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await unknown.ErrorCodeAsync()).ShouldBe("authentication_unavailable");
        unknown.Header("Retry-After").ShouldNotBeEmpty();
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.HttpAddress, "");
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        if (method == "POST")
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
