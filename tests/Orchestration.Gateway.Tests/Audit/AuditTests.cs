using System.Net;
using System.Text.Json;
using Npgsql;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults;

namespace Orchestration.Gateway.Tests.Audit;

public sealed class AuditTests(GatewayFixture fixture)
{
    private HttpClient Admin => fixture.Gateway.Admin;

    [Fact]
    public async Task Change_is_written_down_with_the_state_before_and_after()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        var (key, _) = await fixture.Gateway.NewKeyAsync(tenant, new() { ["scopes"] = new[] { "chat" } });
        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{key}", new { name = "Renamed" });

        var lines = (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/audit?tenant_id={tenant}")).GetProperty("lines").EnumerateArray().ToList();

        lines.Select(line => line.GetProperty("method").GetString()!.Split('/')[1]).ShouldBe(["UpdateKey", "CreateKey", "CreateProject", "CreateTenant"]);
        var changed = lines[0];
        changed.GetProperty("target").GetString().ShouldBe($"key:{key}");
        changed.GetProperty("role").GetString().ShouldBe("owner");
        changed.GetProperty("outcome").GetString().ShouldBe("done");
        changed.GetProperty("address").GetString().ShouldBe("127.0.0.1");
        changed.GetProperty("requestId").GetString()!.Length.ShouldBe(36);
        Parse(changed, "before").GetProperty("name").GetString().ShouldBe("Test");
        Parse(changed, "after").GetProperty("name").GetString().ShouldBe("Renamed");
        lines[1].GetProperty("before").GetString().ShouldBe("");
        Parse(lines[1], "after").GetProperty("scopes")[0].GetString().ShouldBe("chat");
    }

    [Fact]
    public async Task Refused_change_leaves_no_line_of_a_change()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { version = 9, name = "Late" }, HttpStatusCode.Conflict);
        await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Twice" }, HttpStatusCode.Conflict);

        (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/audit?tenant_id={tenant}")).GetProperty("lines").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Call_of_another_service_is_written_down_before_and_after_and_its_secret_is_not()
    {
        var secret = $"sk-vendor-{Guid.NewGuid():N}";
        await Admin.SendAsync(HttpMethod.Post, "/admin/v1/credentials", new { provider = "openai", secret, label = "audited" });

        var lines = (await Admin.SendAsync(HttpMethod.Get, "/admin/v1/audit?method=orchestration.admin.v1.ProviderAdminService/AddCredential")).GetProperty("lines");
        lines[1].GetProperty("outcome").GetString().ShouldBe("forwarded");
        lines[0].GetProperty("outcome").GetString().ShouldBe("answered");
        lines[0].GetProperty("requestId").GetString().ShouldBe(lines[1].GetProperty("requestId").GetString());
        lines[1].GetProperty("target").GetString().ShouldBe("provider:openai");
        Parse(lines[1], "before").GetProperty("label").GetString().ShouldBe("audited");
        lines.ToString().ShouldNotContain(secret);
    }

    [Fact]
    public async Task Lines_come_in_pages()
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        await fixture.Gateway.NewKeyAsync(tenant);
        var seen = new List<long>();
        var token = "";
        do
        {
            var page = await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/audit?tenant_id={tenant}&page_size=2&page_token={token}");
            seen.AddRange(page.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("number").GetInt64()));
            token = page.GetProperty("nextPageToken").GetString()!;
        }
        while (token.Length > 0);

        seen.Count.ShouldBe(3);
        seen.ShouldBe(seen.Distinct().OrderDescending());
    }

    [Fact]
    public async Task Chain_holds_under_many_writers_and_tells_every_kind_of_forgery()
    {
        var settings = fixture.Settings();
        (await GatewayHost.Build(settings).RunServiceAsync(["migrate"])).ShouldBe(0);
        await using var gateway = await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.NewTenantAsync()));
        var intact = await VerifyAsync(gateway);
        intact.GetProperty("intact").GetBoolean().ShouldBeTrue();
        intact.GetProperty("lines").GetInt64().ShouldBe(16);
        var known = $"?known_number=16&known_hash={intact.GetProperty("headHash").GetString()}";
        (await VerifyAsync(gateway, known)).GetProperty("intact").GetBoolean().ShouldBeTrue();

        await using var database = settings.Database(asOwner: true);
        await ForgeAsync(database, "UPDATE audit_log SET address = '10.0.0.1' WHERE number = 5");
        (await VerifyAsync(gateway)).GetProperty("firstBroken").GetInt64().ShouldBe(5);
        await ForgeAsync(database, "UPDATE audit_log SET address = '127.0.0.1' WHERE number = 5");
        (await VerifyAsync(gateway)).GetProperty("intact").GetBoolean().ShouldBeTrue();
        await ForgeAsync(database, "UPDATE audit_log SET actor = 'somebody' WHERE number = 16; UPDATE audit_log SET hash = audit_line_hash(audit_log) WHERE number = 16");
        (await VerifyAsync(gateway)).GetProperty("intact").GetBoolean().ShouldBeTrue();
        (await VerifyAsync(gateway, known)).GetProperty("firstBroken").GetInt64().ShouldBe(16);
        await ForgeAsync(database, "DELETE FROM audit_log WHERE number = 9");
        (await VerifyAsync(gateway)).GetProperty("firstBroken").GetInt64().ShouldBe(10);
    }

    private static Task<JsonElement> VerifyAsync(GatewayHost gateway, string query = "") => gateway.Admin.SendAsync(HttpMethod.Get, "/admin/v1/audit:verify" + query);

    // Nobody can do that but who owns the server itself.
    private static async Task ForgeAsync(NpgsqlDataSource database, string statement)
    {
        await using var command = database.CreateCommand(
            $"ALTER TABLE audit_log DISABLE TRIGGER refuse_audit_change; {statement}; ALTER TABLE audit_log ENABLE TRIGGER refuse_audit_change");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static JsonElement Parse(JsonElement line, string member) => JsonDocument.Parse(line.GetProperty(member).GetString()!).RootElement;
}
