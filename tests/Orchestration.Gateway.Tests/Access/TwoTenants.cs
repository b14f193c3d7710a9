using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>A tenant with its administrator, and another one that has something of everything.</summary>
public sealed class TwoTenants(GatewayFixture fixture) : IAsyncLifetime
{
    private string _foreignSecret = "";

    internal HttpClient Owner => fixture.Gateway.Admin;

    internal HttpClient TeamAdmin { get; private set; } = null!;

    internal string Own { get; private set; } = "";

    internal TenantIds Foreign { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Own = await fixture.Gateway.NewTenantAsync();
        var made = await Owner.SendAsync(HttpMethod.Post, "/admin/v1/operators", new { name = "Somebody", role = "OPERATOR_ROLE_TEAM_ADMIN", tenantId = Own });
        TeamAdmin = GatewayHost.NewClient(fixture.Gateway.AdminAddress, made.GetProperty("secret").GetString()!);
        var other = await fixture.Gateway.NewTenantAsync();
        await Owner.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{other}/projects", new { projectId = "secret-plans", name = "Secret" });
        (var key, _foreignSecret) = await fixture.Gateway.NewKeyAsync(other);
        var limits = new[] { new { kind = "LIMIT_KIND_REQUESTS", amount = 5, window = "60s" } };
        var user = await Owner.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{other}/end-users", new { user = "somebody", limits });
        Foreign = new TenantIds(other, "secret-plans", key, user.GetProperty("endUser").GetString()!, Guid.CreateVersion7().ToString("D"));
    }

    public ValueTask DisposeAsync()
    {
        TeamAdmin.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>True while nothing has happened to the other tenant.</summary>
    internal async Task<bool> ForeignKeyOpensAsync()
    {
        await fixture.Gateway.FollowedAsync();
        return await fixture.Gateway.TryAsync(_foreignSecret) == HttpStatusCode.OK;
    }
}

/// <summary>Ids of one tenant.</summary>
/// <param name="Tenant">Its own.</param>
/// <param name="Project">Of its project.</param>
/// <param name="Key">Of its key.</param>
/// <param name="EndUser">Of its end user.</param>
/// <param name="Other">Of whatever else.</param>
internal sealed record TenantIds(string Tenant, string Project, string Key, string EndUser, string Other)
{
    public static TenantIds Unknown() => new(Accounts.NewId(), "nowhere", "000000000000", new string('0', 32), Guid.CreateVersion7().ToString("D"));

    /// <summary>What stands for a parameter of a path.</summary>
    public string Of(string parameter) => parameter switch
    {
        "tenant_id" => Tenant,
        "project_id" => Project,
        "key_id" => Key,
        "end_user" => EndUser,
        "month" or "statement.month" => "2026-10",
        "version" => "1",
        _ => Other,
    };
}
