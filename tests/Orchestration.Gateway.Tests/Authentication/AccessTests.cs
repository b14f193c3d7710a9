using System.Net;
using System.Text.Json.Nodes;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Authentication;

/// <summary>What a key that is its client's own may and may not do.</summary>
public sealed class AccessTests(GatewayFixture fixture)
{
    private GatewayHost Gateway => fixture.Gateway;

    [Theory]
    [InlineData("rag.read:*", HttpStatusCode.NotFound)]
    [InlineData("rag.read:docs", HttpStatusCode.NotFound)]
    [InlineData("rag.read:doc", HttpStatusCode.Forbidden)]
    [InlineData("rag.write:*", HttpStatusCode.Forbidden)]
    public async Task Scope_of_a_collection_is_of_that_one_or_of_every_one(string scope, HttpStatusCode expected)
    {
        var (_, key) = await Gateway.NewKeyAsync(await Gateway.NewTenantAsync(), new() { ["scopes"] = new[] { scope } });

        using var response = await GetAsync(Gateway, "/v1/collections/docs/documents/x", key);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("test:chat", "test:chat", true)]
    [InlineData("TEST/Chat", "test:chat", true)]
    [InlineData("test:chat", "Test/CHAT", true)]
    [InlineData("test:*", "test:chat", true)]
    [InlineData("other", "test:chat", false)]
    [InlineData("test:cha", "test:chat", false)]
    public async Task Model_is_allowed_under_every_spelling_or_none(string allowed, string asked, bool served)
    {
        var (_, key) = await Gateway.NewKeyAsync(await Gateway.NewTenantAsync(), new() { ["models"] = new[] { allowed } });
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, key);

        using var response = await client.PostAsync(Chat.Body(model: asked));

        response.StatusCode.ShouldBe(served ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        if (!served)
        {
            (await response.ErrorCodeAsync()).ShouldBe("model_not_allowed");
            (await response.TextAsync()).ShouldContain(asked);
        }
    }

    [Fact]
    public async Task Address_outside_the_keys_networks_is_refused_and_a_forged_header_does_not_help()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (_, elsewhere) = await Gateway.NewKeyAsync(tenant, new() { ["networks"] = new[] { "203.0.113.0/24" } });
        var (_, here) = await Gateway.NewKeyAsync(tenant, new() { ["networks"] = new[] { "203.0.113.0/24", "127.0.0.0/8" } });

        (await Gateway.TryAsync(here)).ShouldBe(HttpStatusCode.OK);
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, elsewhere);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        client.DefaultRequestHeaders.Add("Forwarded", "for=203.0.113.7");
        client.DefaultRequestHeaders.Add("X-Real-IP", "203.0.113.7");
        using var refused = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.ErrorCodeAsync()).ShouldBe("address_not_allowed");
    }

    [Theory]
    [InlineData("203.0.113.7", HttpStatusCode.OK)]
    [InlineData("203.0.113.7, 127.0.0.2", HttpStatusCode.OK)]
    [InlineData("203.0.113.7, 198.51.100.1", HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    public async Task Trusted_proxy_tells_the_address_and_what_stands_left_of_it_is_not_believed(string forwarded, HttpStatusCode expected)
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Gateway:TrustedProxies:0"] = "127.0.0.0/8" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        var (_, key) = await gateway.NewKeyAsync(await gateway.NewTenantAsync(), new() { ["networks"] = new[] { "203.0.113.0/24" } });
        using var client = GatewayHost.NewClient(gateway.HttpAddress, key);
        if (forwarded.Length > 0)
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwarded);

        using var response = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Key_opens_within_its_time_only()
    {
        var tenant = await Gateway.NewTenantAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (_, early) = await Gateway.NewKeyAsync(tenant, new() { ["notBefore"] = now.AddHours(1) });
        var (id, ending) = await Gateway.NewKeyAsync(tenant, new() { ["expiresAt"] = now.AddHours(1) });
        (await Gateway.TryAsync(ending)).ShouldBe(HttpStatusCode.OK);
        await using (var database = Gateway.Settings.Database(asOwner: false))
        await using (var command = database.CreateCommand("UPDATE client_keys SET expires_at = now() - interval '1 second' WHERE public_id = $1"))
        {
            command.Parameters.AddWithValue(id);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Gateway.FollowedAsync();
        using var tooLate = await GetAsync(Gateway, "/v1/models", ending);
        using var tooEarly = await GetAsync(Gateway, "/v1/models", early);

        (tooLate.StatusCode, await tooLate.ErrorCodeAsync()).ShouldBe((HttpStatusCode.Unauthorized, "api_key_expired"));
        (tooEarly.StatusCode, await tooEarly.ErrorCodeAsync()).ShouldBe((HttpStatusCode.Unauthorized, "api_key_not_yet_valid"));
    }

    [Theory]
    [InlineData("", "tenant_suspended")]
    [InlineData("/projects/default", "project_suspended")]
    public async Task Suspended_account_is_served_nothing_until_it_is_resumed(string path, string code)
    {
        var tenant = await Gateway.NewTenantAsync();
        var (_, key) = await Gateway.NewKeyAsync(tenant);
        (await Gateway.TryAsync(key)).ShouldBe(HttpStatusCode.OK);

        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}{path}:suspend", new JsonObject());
        await Gateway.FollowedAsync();
        using var refused = await GetAsync(Gateway, "/v1/models", key);
        (refused.StatusCode, await refused.ErrorCodeAsync()).ShouldBe((HttpStatusCode.Forbidden, code));

        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}{path}:resume", new JsonObject());
        await Gateway.FollowedAsync();
        (await Gateway.TryAsync(key)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Stranger_who_guesses_is_held_up_and_known_keys_behind_the_same_address_are_not()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Keys:FailedAttemptsPerMinute"] = "5" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        (await gateway.TryAsync(settings.ClientKey)).ShouldBe(HttpStatusCode.OK);

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
            answers.Add(await gateway.TryAsync(TestKeys.Create()));

        answers.ShouldBe([.. Enumerable.Repeat(HttpStatusCode.Unauthorized, 5), .. Enumerable.Repeat(HttpStatusCode.TooManyRequests, 2)]);
        (await gateway.TryAsync(settings.ClientKey)).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> GetAsync(GatewayHost gateway, string path, string key)
    {
        using var client = GatewayHost.NewClient(gateway.HttpAddress, key);
        return await client.GetAsync(path, TestContext.Current.CancellationToken);
    }
}
