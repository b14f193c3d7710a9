using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class AdminTests(GatewayFixture fixture)
{
    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/admin/v1/system" },
        { "GET", "/admin/v1/requests" },
        { "GET", "/admin/v1/requests/0193b8e0-0000-7000-8000-000000000000" },
        { "GET", "/admin/v1/traces" },
        { "GET", "/admin/v1/traces/00000000000000000000000000000001" },
        { "GET", "/admin/v1/catalogue" },
        { "POST", "/admin/v1/explain" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_admin_route_is_open_and_none_takes_a_client_key(string method, string path)
    {
        foreach (var key in (string[])["", fixture.Gateway.Settings.ClientKey, TestKeys.Create("admin"), "no-session", new string('x', 10_000)])
        {
            using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, key);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST")
                request.Content = JsonContent.Create(new { model = "auto" });
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"key of {key.Length} characters");
            (await response.JsonAsync()).GetProperty("code").GetInt32().ShouldBe(16);
        }
    }

    [Fact]
    public async Task Sign_in_token_opens_a_session_that_is_stored_hashed_and_works()
    {
        using var stranger = GatewayHost.NewClient(fixture.Gateway.AdminAddress, "");
        using var signIn = await stranger.PostAsJsonAsync("/admin/v1/sessions", new { token = fixture.Gateway.Settings.SignInToken }, TestContext.Current.CancellationToken);
        signIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        var secret = (await signIn.JsonAsync()).GetProperty("secret").GetString().ShouldNotBeNull();

        using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, secret);
        using var response = await client.GetAsync("/admin/v1/catalogue", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var database = await fixture.Gateway.Services.GetRequiredService<IDbContextFactory<GatewayDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var sessions = await database.OperatorSessions.ToListAsync(TestContext.Current.CancellationToken);
        sessions.ShouldNotContain(session => System.Text.Encoding.UTF8.GetString(session.SecretHash) == secret);
        sessions.ShouldContain(session => session.ExpiresAt - session.CreatedAt == TimeSpan.FromHours(12));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Wrong_sign_in_token_opens_nothing(string token)
    {
        using var stranger = GatewayHost.NewClient(fixture.Gateway.AdminAddress, "");
        using var response = await stranger.PostAsJsonAsync("/admin/v1/sessions", new { token }, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("31 minutes", "00:31:00", "00:31:00")]
    [InlineData("12 hours of use", "12:00:01", "00:00:01")]
    public async Task Session_ends(string after, string age, string idle)
    {
        var now = TimeProvider.System.GetUtcNow();
        var secret = $"old-session-{Guid.CreateVersion7():N}";
        var created = now - TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture);
        await using (var database = await fixture.Gateway.Services.GetRequiredService<IDbContextFactory<GatewayDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken))
        {
            database.OperatorSessions.Add(new OperatorSession
            {
                SessionId = Guid.CreateVersion7(),
                SecretHash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)),
                CreatedAt = created,
                LastUsedAt = now - TimeSpan.Parse(idle, System.Globalization.CultureInfo.InvariantCulture),
                ExpiresAt = created + TimeSpan.FromHours(12),
            });
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, secret);
        using var response = await client.GetAsync("/admin/v1/catalogue", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, after);
    }

    [Fact]
    public async Task Request_of_any_tenant_is_shown_to_an_operator_and_an_unknown_one_is_404()
    {
        var id = Guid.CreateVersion7().ToString("D");
        fixture.Peers.Ledger.Records[id] = new RequestRecord { RequestId = id, Attribution = new Attribution { TenantId = "somebody" } };

        using var known = await fixture.Gateway.Admin.GetAsync($"/admin/v1/requests/{id}", TestContext.Current.CancellationToken);
        using var unknown = await fixture.Gateway.Admin.GetAsync($"/admin/v1/requests/{Guid.CreateVersion7():D}", TestContext.Current.CancellationToken);

        known.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await known.JsonAsync()).GetProperty("requestId").GetString().ShouldBe(id);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await unknown.JsonAsync()).GetProperty("code").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task Filters_of_the_query_reach_the_owner()
    {
        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/requests?tenant_id=a&page_size=7", TestContext.Current.CancellationToken);

        (await response.JsonAsync()).GetProperty("nextPageToken").GetString().ShouldBe("a|7");
    }

    [Fact]
    public async Task Conditions_of_a_search_reach_the_owner_with_their_types()
    {
        var filter = new RequestFilter
        {
            From = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero)),
            KeyId = "key1",
            Purpose = Purpose.Ingest,
            Tags = { "team=a=b", "stage=test" },
            State = RequestState.Failed,
            MinCost = "0.5",
            Streamed = false,
        };
        const string Query = "filter.from=2026-10-01T00:00:00Z&filter.key_id=key1&filter.purpose=PURPOSE_INGEST&filter.tags=team%3Da%3Db&filter.tags=stage%3Dtest"
            + "&filter.state=REQUEST_STATE_FAILED&filter.min_cost=0.5&filter.streamed=false&oldest_first=true";

        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/requests?" + Query, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.JsonAsync()).GetProperty("nextPageToken").GetString().ShouldBe($"|0|{filter}|True");
    }

    [Theory]
    [InlineData("filter.no_such=1")]
    [InlineData("filter.from=yesterday")]
    [InlineData("filter.state=SOMEHOW")]
    [InlineData("filter.streamed=perhaps")]
    public async Task Condition_that_cannot_be_read_is_the_callers_fault(string query)
    {
        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/requests?" + query, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Explain_tells_what_the_gateway_would_do_for_the_development_tenant()
    {
        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/explain", new { model = "auto", text = "a hard one" }, TestContext.Current.CancellationToken);

        var decision = await response.JsonAsync();
        decision.GetProperty("route").GetString().ShouldBe("auto");
        decision.GetProperty("requestClass").GetString().ShouldBe("complex");
        decision.GetProperty("choice").GetString().ShouldBe("chain");
        var candidate = decision.GetProperty("candidates").EnumerateArray().ShouldHaveSingleItem();
        candidate.GetProperty("deployment").GetString().ShouldBe("d-strong");
        candidate.GetProperty("expectedBilled").GetProperty("currency").GetString().ShouldNotBeNullOrEmpty();
        decision.GetProperty("explanation").GetString()!.ShouldContain("d-strong is asked first: the order of the policy.");
    }

    [Theory]
    [InlineData("gpt-99", "", HttpStatusCode.NotFound)]
    [InlineData("auto", "nobody", HttpStatusCode.NotFound)]
    [InlineData("test/embed", "", HttpStatusCode.OK)]
    public async Task Explain_knows_names_and_tenants(string model, string tenantId, HttpStatusCode expected)
    {
        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/explain", new { model, tenantId }, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Malformed_body_and_other_method_are_the_callers_fault()
    {
        using var content = new StringContent("{\"model\":", System.Text.Encoding.UTF8, "application/json");
        using var malformed = await fixture.Gateway.Admin.PostAsync("/admin/v1/explain", content, TestContext.Current.CancellationToken);
        using var method = await fixture.Gateway.Admin.DeleteAsync("/admin/v1/explain", TestContext.Current.CancellationToken);

        malformed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        method.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Status_names_every_service_and_store_and_says_who_cannot_be_reached()
    {
        using var response = await fixture.Gateway.Admin.GetAsync("/admin/v1/system", TestContext.Current.CancellationToken);

        var status = await response.JsonAsync();
        var services = status.GetProperty("services").EnumerateArray()
            .ToDictionary(service => service.GetProperty("name").GetString()!, service => service.GetProperty("state").GetString());
        services.Keys.ShouldBe(
            ["gateway", "postgres", "redis", "messaging", "routing", "providers", "indexing", "metrics", "console", "simulator"],
            ignoreOrder: true);
        services["postgres"].ShouldBe("healthy");
        services["redis"].ShouldBe("unreachable");
        services["console"].ShouldBe("unreachable");
        status.GetProperty("providersSimulated").GetBoolean().ShouldBeTrue();
    }
}
