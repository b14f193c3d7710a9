using System.Net;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class OperatorTests(GatewayFixture fixture)
{
    private HttpClient Owner => fixture.Gateway.Admin;

    [Theory]
    [InlineData("OPERATOR_ROLE_OPERATOR", "/admin/v1/tenants", HttpStatusCode.OK)]
    [InlineData("OPERATOR_ROLE_OPERATOR", "/admin/v1/operators", HttpStatusCode.Forbidden)]
    [InlineData("OPERATOR_ROLE_FINANCE", "/admin/v1/tenants", HttpStatusCode.OK)]
    [InlineData("OPERATOR_ROLE_VIEWER", "/admin/v1/tenants", HttpStatusCode.OK)]
    [InlineData("OPERATOR_ROLE_VIEWER", "/admin/v1/audit", HttpStatusCode.Forbidden)]
    [InlineData("OPERATOR_ROLE_TEAM_ADMIN", "/admin/v1/tenants", HttpStatusCode.Forbidden)]
    [InlineData("OPERATOR_ROLE_TEAM_ADMIN", "/admin/v1/system", HttpStatusCode.Forbidden)]
    [InlineData("OPERATOR_ROLE_TEAM_ADMIN", "/admin/v1/operators:me", HttpStatusCode.OK)]
    public async Task Role_opens_what_the_table_says(string role, string path, HttpStatusCode expected)
    {
        var tenant = role == "OPERATOR_ROLE_TEAM_ADMIN" ? await fixture.Gateway.NewTenantAsync() : "";
        var (_, caller) = await NewOperatorAsync(role, tenant);
        using (caller)
            await caller.SendAsync(HttpMethod.Get, path, expected: expected);
    }

    [Theory]
    [InlineData("OPERATOR_ROLE_FINANCE")]
    [InlineData("OPERATOR_ROLE_VIEWER")]
    public async Task Who_may_not_change_is_refused_and_that_is_written_down(string role)
    {
        var (id, caller) = await NewOperatorAsync(role);
        using (caller)
            await caller.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = Accounts.NewId(), name = "N", currency = "USD" }, HttpStatusCode.Forbidden);

        var lines = await Owner.SendAsync(HttpMethod.Get, $"/admin/v1/audit?actor={id}");
        lines.GetProperty("lines")[0].GetProperty("outcome").GetString().ShouldBe("refused");
    }

    [Fact]
    public async Task Team_admin_keeps_its_own_tenant_and_finds_no_other()
    {
        var own = await fixture.Gateway.NewTenantAsync();
        var other = await fixture.Gateway.NewTenantAsync();
        var (otherKey, _) = await fixture.Gateway.NewKeyAsync(other);
        var (_, caller) = await NewOperatorAsync("OPERATOR_ROLE_TEAM_ADMIN", own);
        using (caller)
        {
            var made = await caller.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{own}/keys", new { projectId = "default", name = "K" });
            (await fixture.Gateway.TryAsync(made.GetProperty("secret").GetString()!)).ShouldBe(HttpStatusCode.OK);
            var unknown = await caller.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{Accounts.NewId()}/keys/{otherKey}", expected: HttpStatusCode.NotFound);
            foreach (var (method, path) in ((HttpMethod, string)[])
            [
                (HttpMethod.Get, ""), (HttpMethod.Get, "/keys"), (HttpMethod.Get, $"/keys/{otherKey}"), (HttpMethod.Post, $"/keys/{otherKey}:revoke"),
                (HttpMethod.Get, "/projects"), (HttpMethod.Post, "/projects/default:suspend"), (HttpMethod.Get, "/end-users"),
            ])
            {
                var answer = await caller.SendAsync(method, $"/admin/v1/tenants/{other}{path}", method == HttpMethod.Post ? new { } : null, HttpStatusCode.NotFound);
                answer.ToString().ShouldBe(unknown.ToString(), path);
            }

            // A question that leaves the tenant open is about its own.
            var lines = await caller.SendAsync(HttpMethod.Get, "/admin/v1/audit");
            lines.GetProperty("lines").EnumerateArray().ShouldAllBe(line => line.GetProperty("tenantId").GetString() == own);
            await caller.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{own}:suspend", new { }, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task Operator_signs_in_with_its_key_and_the_session_follows_its_role()
    {
        var (id, caller) = await NewOperatorAsync("OPERATOR_ROLE_OPERATOR");
        caller.Dispose();
        var key = (await Owner.SendAsync(HttpMethod.Post, $"/admin/v1/operators/{id}:rotate", new { })).GetProperty("secret").GetString()!;
        await fixture.Gateway.FollowedAsync();
        using var stranger = GatewayHost.NewClient(fixture.Gateway.AdminAddress, "");
        var session = (await stranger.SendAsync(HttpMethod.Post, "/admin/v1/sessions", new { token = key })).GetProperty("secret").GetString()!;
        using var signedIn = GatewayHost.NewClient(fixture.Gateway.AdminAddress, session);
        (await signedIn.SendAsync(HttpMethod.Get, "/admin/v1/operators:me")).GetProperty("operatorId").GetString().ShouldBe(id);
        await signedIn.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = Accounts.NewId(), name = "N", currency = "USD" });

        await Owner.SendAsync(HttpMethod.Patch, $"/admin/v1/operators/{id}", new { role = "OPERATOR_ROLE_VIEWER" });
        await fixture.Gateway.FollowedAsync();
        await signedIn.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = Accounts.NewId(), name = "N", currency = "USD" }, HttpStatusCode.Forbidden);

        await Owner.SendAsync(HttpMethod.Post, $"/admin/v1/operators/{id}:revoke", new { });
        await fixture.Gateway.FollowedAsync();
        await signedIn.SendAsync(HttpMethod.Get, "/admin/v1/operators:me", expected: HttpStatusCode.Unauthorized);
        await stranger.SendAsync(HttpMethod.Post, "/admin/v1/sessions", new { token = key }, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Operators_key_is_no_client_key_and_a_clients_key_signs_nobody_in()
    {
        var made = await Owner.SendAsync(HttpMethod.Post, "/admin/v1/operators", new { name = "O", role = "OPERATOR_ROLE_OWNER" });
        (await fixture.Gateway.TryAsync(made.GetProperty("secret").GetString()!)).ShouldBe(HttpStatusCode.Unauthorized);
        using var stranger = GatewayHost.NewClient(fixture.Gateway.AdminAddress, "");

        await stranger.SendAsync(HttpMethod.Post, "/admin/v1/sessions", new { token = fixture.Gateway.Settings.ClientKey }, HttpStatusCode.Unauthorized);
        await Owner.SendAsync(HttpMethod.Post, $"/admin/v1/operators/{made.GetProperty("operator").GetProperty("operatorId").GetString()}:revoke", new { });
    }

    [Fact]
    public async Task Last_owner_stays()
    {
        var settings = fixture.Settings();
        (await GatewayHost.Build(settings).RunServiceAsync(["migrate"])).ShouldBe(0);
        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);
        var me = (await gateway.Admin.SendAsync(HttpMethod.Get, "/admin/v1/operators:me")).GetProperty("operatorId").GetString();

        await gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/operators/{me}:revoke", new { }, HttpStatusCode.BadRequest);
        await gateway.Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/operators/{me}", new { role = "OPERATOR_ROLE_VIEWER" }, HttpStatusCode.BadRequest);
        await gateway.Admin.SendAsync(HttpMethod.Get, "/admin/v1/operators");
    }

    [Theory]
    [InlineData("OPERATOR_ROLE_UNSPECIFIED", "")]
    [InlineData("OPERATOR_ROLE_TEAM_ADMIN", "")]
    [InlineData("OPERATOR_ROLE_OWNER", "development")]
    public async Task Role_without_sense_is_refused(string role, string tenantId) =>
        await Owner.SendAsync(HttpMethod.Post, "/admin/v1/operators", new { name = "O", role, tenantId }, HttpStatusCode.BadRequest);

    private async Task<(string Id, HttpClient Client)> NewOperatorAsync(string role, string tenantId = "")
    {
        var made = await Owner.SendAsync(HttpMethod.Post, "/admin/v1/operators", new { name = "Somebody", role, tenantId });
        return (made.GetProperty("operator").GetProperty("operatorId").GetString()!, GatewayHost.NewClient(fixture.Gateway.AdminAddress, made.GetProperty("secret").GetString()!));
    }
}
