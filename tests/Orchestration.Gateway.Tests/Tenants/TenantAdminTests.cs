using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Tenants;

public sealed class TenantAdminTests(GatewayFixture fixture)
{
    private HttpClient Admin => fixture.Gateway.Admin;

    [Fact]
    public async Task Tenant_is_made_read_changed_and_listed()
    {
        var tenant = Accounts.NewId();
        var limit = new { kind = "LIMIT_KIND_REQUESTS", amount = 100, window = "60s", model = "GPT-5" };

        await Admin.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = tenant, name = "织女", currency = "CNY", timeZone = "Asia/Shanghai", limits = new[] { limit } });
        var changed = await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { version = 1, name = "Weaver" });

        var read = await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}");
        read.ToString().ShouldBe(changed.ToString());
        read.GetProperty("name").GetString().ShouldBe("Weaver");
        read.GetProperty("currency").GetString().ShouldBe("CNY");
        read.GetProperty("timeZone").GetString().ShouldBe("Asia/Shanghai");
        read.GetProperty("version").GetInt32().ShouldBe(2);
        var kept = read.GetProperty("limits")[0];
        (kept.GetProperty("amount").GetInt64(), kept.GetProperty("window").GetString(), kept.GetProperty("model").GetString()).ShouldBe((100, "60s", "gpt-5"));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        foreach (var i in Enumerable.Range(0, 6))
            await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/projects", new { projectId = $"p{i}", name = "P" });

        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/projects?page_size=3&page_token={token}");
            seen.AddRange(page.GetProperty("projects").EnumerateArray().Select(project => project.GetProperty("projectId").GetString()!));
            token = page.GetProperty("nextPageToken").GetString()!;
        }
        while (token.Length > 0);

        seen.ShouldBe(["default", "p0", "p1", "p2", "p3", "p4", "p5"]);
    }

    [Fact]
    public async Task Token_of_another_list_is_refused()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "other", name = "P" });
        var token = (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/projects?page_size=1")).GetProperty("nextPageToken").GetString();

        await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants?page_token={token}", expected: HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Big", "N", "USD", "UTC", 60)]
    [InlineData("", "N", "USD", "UTC", 60)]
    [InlineData("new", "", "USD", "UTC", 60)]
    [InlineData("new", "N", "usd", "UTC", 60)]
    [InlineData("new", "N", "USD", "Mars/Olympus", 60)]
    [InlineData("new", "N", "USD", "UTC", 0)]
    [InlineData("new", "N", "USD", "UTC", 2_700_000)]
    public async Task What_makes_no_sense_is_refused(string id, string name, string currency, string zone, int seconds) => await Admin.SendAsync(
        HttpMethod.Post,
        "/admin/v1/tenants",
        new { tenantId = id, name, currency, timeZone = zone, limits = new[] { new { kind = "LIMIT_KIND_TOKENS", amount = 1, window = $"{seconds}s" } } },
        HttpStatusCode.BadRequest);

    [Fact]
    public async Task Ids_are_never_given_twice_and_a_change_from_an_old_version_is_refused()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();

        await Admin.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = tenant, name = "Again", currency = "USD" }, HttpStatusCode.Conflict);
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Again" }, HttpStatusCode.Conflict);
        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { version = 7, name = "Late" }, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Unknown_and_foreign_ids_are_answered_alike()
    {
        var own = await fixture.Gateway.NewTenantAsync();
        var foreign = await fixture.Gateway.NewTenantAsync();
        var (key, _) = await fixture.Gateway.NewKeyAsync(foreign);
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{foreign}/projects", new { projectId = "theirs", name = "P" });

        foreach (var (known, unknown) in ((string, string)[])[($"projects/theirs", "projects/none"), ($"keys/{key}", "keys/AAAAAAAAAAAA")])
        {
            var answer = await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{own}/{known}", expected: HttpStatusCode.NotFound);
            (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{own}/{unknown}", expected: HttpStatusCode.NotFound)).ToString().ShouldBe(answer.ToString());
        }

        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{own}/keys/{key}:revoke", new { }, HttpStatusCode.NotFound);
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{own}/keys", new { projectId = "theirs", name = "K" }, HttpStatusCode.NotFound);
        await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{Accounts.NewId()}/keys", expected: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task End_user_is_kept_by_hash_only()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();

        var set = await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/end-users", new { user = "somebody@example.com", blocked = true });
        var hash = set.GetProperty("endUser").GetString().ShouldNotBeNull();
        hash.ShouldMatch("^[0-9a-f]{32}$");
        (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/end-users")).ToString().ShouldContain(hash);
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/end-users", new { user = "x", endUser = hash }, HttpStatusCode.BadRequest);
        await Admin.SendAsync(HttpMethod.Delete, $"/admin/v1/tenants/{tenant}/end-users/{hash}");
        await Admin.SendAsync(HttpMethod.Delete, $"/admin/v1/tenants/{tenant}/end-users/{hash}", expected: HttpStatusCode.NotFound);
    }
}
