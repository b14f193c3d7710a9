using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestration.Gateway.Tenants;

namespace Orchestration.Gateway.Tests.Hosting;

/// <summary>Tenants and keys as operators make them.</summary>
internal static class Accounts
{
    /// <summary>An id that no other test has.</summary>
    public static string NewId(string prefix = "t") => $"{prefix}-{Guid.CreateVersion7():N}";

    /// <summary>A tenant with one project, "default".</summary>
    public static async Task<string> NewTenantAsync(this GatewayHost gateway)
    {
        var tenant = NewId();
        await gateway.Admin.SendAsync(HttpMethod.Post, "/admin/v1/tenants", new { tenantId = tenant, name = "Test", currency = "USD" });
        await gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Default" });
        return tenant;
    }

    /// <summary>A key of a tenant with these members of a request.</summary>
    public static async Task<(string Id, string Secret)> NewKeyAsync(this GatewayHost gateway, string tenant, Dictionary<string, object>? members = null)
    {
        var body = new Dictionary<string, object>(members ?? []) { ["name"] = "Test" };
        body.TryAdd("projectId", "default");
        var made = await gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/keys", body);
        return (made.GetProperty("key").GetProperty("keyId").GetString()!, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Sends a call of the admin API and demands the status.</summary>
    public static async Task<JsonElement> SendAsync(
        this HttpClient admin, HttpMethod method, string path, object? body = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        for (var tries = 0; ; tries++)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
                request.Content = JsonContent.Create(body);
            using var response = await admin.SendAsync(request, TestContext.Current.CancellationToken);
            var json = await response.JsonAsync();
            // A database that is busy with other tests may be late; scripts of operators come back, too.
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable && expected != response.StatusCode && tries < 3)
                continue;
            response.StatusCode.ShouldBe(expected, json.ToString());
            return json;
        }
    }

    /// <summary>What the public listener says to a key on a simple route.</summary>
    public static async Task<HttpStatusCode> TryAsync(this GatewayHost gateway, string key)
    {
        using var client = GatewayHost.NewClient(gateway.HttpAddress, key);
        using var response = await client.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>Waits until the gateway knows of every change that is made so far.</summary>
    public static async Task FollowedAsync(this GatewayHost gateway)
    {
        await using var database = gateway.Settings.Database(asOwner: false);
        await using var command = database.CreateCommand("SELECT number FROM account_change_head");
        var head = (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        var follower = gateway.Services.GetRequiredService<ChangeFollower>();
        await Eventually.HoldsAsync(() => follower.Position >= head, TestContext.Current.CancellationToken);
    }

    /// <summary>Connections of the database's owner, or of the gateway's own role.</summary>
    public static NpgsqlDataSource Database(this GatewaySettings settings, bool asOwner)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.PostgresAdministrator) { Database = settings.Database };
        if (!asOwner)
            (connection.Username, connection.Password) = ($"{settings.Database}_app", "a-password-of-the-tests");
        return NpgsqlDataSource.Create(connection.ConnectionString);
    }
}
