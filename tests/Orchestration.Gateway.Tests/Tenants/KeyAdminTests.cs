using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Tenants;

public sealed class KeyAdminTests(GatewayFixture fixture)
{
    private GatewayHost Gateway => fixture.Gateway;

    [Fact]
    public async Task New_key_opens_at_once_and_its_secret_is_shown_once()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (id, secret) = await Gateway.NewKeyAsync(tenant);

        (await Gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.OK);
        var read = await Gateway.Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/keys/{id}");
        var listed = await Gateway.Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/keys");
        var part = secret.Split('_')[3];
        read.ToString().ShouldNotContain(part);
        listed.ToString().ShouldNotContain(part);
        read.GetProperty("scopes").GetArrayLength().ShouldBe(5);
        listed.GetProperty("keys").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Secret_stands_nowhere_in_the_database()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (id, secret) = await Gateway.NewKeyAsync(tenant);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { overlap = "60s" });

        await using var database = Gateway.Settings.Database(asOwner: true);
        await using var command = database.CreateCommand("SELECT (SELECT string_agg(k::text, '') FROM client_keys k) || (SELECT string_agg(a::text, '') FROM audit_log a)");
        var everything = (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;

        everything.ShouldContain(id);
        everything.ShouldNotContain(secret.Split('_')[3]);
        everything.ShouldNotContain(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret.Split('_')[3]))), Case.Insensitive);
    }

    [Fact]
    public async Task Rotated_key_opens_with_both_secrets_until_the_overlap_is_over()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (id, old) = await Gateway.NewKeyAsync(tenant);

        var rotated = await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { overlap = "3600s" });
        var secret = rotated.GetProperty("secret").GetString()!;
        await FollowedAsync();

        (await Gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.OK);
        (await Gateway.TryAsync(old)).ShouldBe(HttpStatusCode.OK);
        rotated.GetProperty("key").GetProperty("keyId").GetString().ShouldBe(id);

        var again = await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { });
        await FollowedAsync();
        (await Gateway.TryAsync(again.GetProperty("secret").GetString()!)).ShouldBe(HttpStatusCode.OK);
        (await Gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Gateway.TryAsync(old)).ShouldBe(HttpStatusCode.Unauthorized);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { overlap = "604801s" }, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Revoked_key_never_opens_again_and_cannot_be_changed()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (id, secret) = await Gateway.NewKeyAsync(tenant);
        (await Gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.OK);

        var revoked = await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:revoke", new { });
        await FollowedAsync();

        revoked.GetProperty("state").GetString().ShouldBe("KEY_STATE_REVOKED");
        (await Gateway.TryAsync(secret)).ShouldBe(HttpStatusCode.Unauthorized);
        await Gateway.Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{id}", new { name = "x" }, HttpStatusCode.BadRequest);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { }, HttpStatusCode.BadRequest);
        // Again is no error, and changes nothing.
        (await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:revoke", new { })).ToString().ShouldBe(revoked.ToString());
    }

    [Fact]
    public async Task Keys_of_another_gateway_go_on_working()
    {
        var tenant = await Gateway.NewTenantAsync();
        var foreign = $"sk-{Guid.NewGuid():N}";
        (await Gateway.TryAsync(foreign)).ShouldBe(HttpStatusCode.Unauthorized);
        var key = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(foreign))), name = "Old", models = new[] { "test:*" } };

        var imported = await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys:import", new { projectId = "default", keys = new[] { key } });
        await FollowedAsync();

        (await Gateway.TryAsync(foreign)).ShouldBe(HttpStatusCode.OK);
        var id = imported.GetProperty("keys")[0].GetProperty("keyId").GetString();
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys:import", new { projectId = "default", keys = new[] { key } }, HttpStatusCode.Conflict);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:rotate", new { }, HttpStatusCode.BadRequest);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys/{id}:revoke", new { });
        await FollowedAsync();
        (await Gateway.TryAsync(foreign)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("scopes", "admin")]
    [InlineData("scopes", "rag.read:Big")]
    [InlineData("networks", "10.0.0.1/33")]
    [InlineData("networks", "everywhere")]
    [InlineData("models", "a*b")]
    [InlineData("models", "")]
    public async Task Rights_that_make_no_sense_are_refused(string member, string value)
    {
        var tenant = await Gateway.NewTenantAsync();
        var body = new Dictionary<string, object> { ["projectId"] = "default", ["name"] = "K", [member] = new[] { value } };

        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys", body, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Change_replaces_only_what_it_names()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (id, _) = await Gateway.NewKeyAsync(tenant, new() { ["scopes"] = new[] { "chat" }, ["models"] = new[] { "auto" } });

        var changed = await Gateway.Admin.SendAsync(
            HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{id}", new { scopes = new { values = new[] { "chat", "rag.read:docs" } }, networks = new { values = new[] { "10.0.0.1/8" } } });

        Texts(changed, "scopes").ShouldBe(["chat", "rag.read:docs"]);
        Texts(changed, "models").ShouldBe(["auto"]);
        Texts(changed, "networks").ShouldBe(["10.0.0.0/8"]);
        await Gateway.Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}/keys/{id}", new { scopes = new { values = Array.Empty<string>() } }, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Last_use_is_told_to_the_minute()
    {
        var settings = fixture.SecondGateway() with { More = new Dictionary<string, string?> { ["Keys:UsesEvery"] = "00:00:00.100" } };
        await using var gateway = await (await GatewayHost.StartAsync(settings, TestContext.Current.CancellationToken)).WithRouteTableAsync(TestContext.Current.CancellationToken);
        var tenant = await gateway.NewTenantAsync();
        var (id, secret) = await gateway.NewKeyAsync(tenant);
        (await gateway.Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/keys/{id}")).TryGetProperty("lastUsedAt", out _).ShouldBeFalse();

        await gateway.TryAsync(secret);

        await Eventually.HoldsAsync(
            () => gateway.Admin.SendAsync(HttpMethod.Get, $"/admin/v1/tenants/{tenant}/keys/{id}").GetAwaiter().GetResult().TryGetProperty("lastUsedAt", out _),
            TestContext.Current.CancellationToken);
    }

    private static List<string?> Texts(JsonElement key, string member) => [.. key.GetProperty(member).EnumerateArray().Select(text => text.GetString())];

    private Task FollowedAsync() => Gateway.FollowedAsync();
}
