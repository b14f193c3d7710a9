using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Outages;

/// <summary>Two tenants with limits, one of which has a budget that is never spent, and keys that nobody has used.</summary>
/// <param name="Budgeted">Key of the tenant with a budget.</param>
/// <param name="Free">Key of the tenant without.</param>
/// <param name="FreeTenant">The tenant without.</param>
/// <param name="Unmet">Keys of the latter that no gateway has met, one for each outage.</param>
internal sealed record OutageAccounts(string Budgeted, string Free, string FreeTenant, IReadOnlyList<string> Unmet)
{
    public static async Task<OutageAccounts> CreateAsync(SystemUnderTest system, int unmet, CancellationToken cancellationToken)
    {
        using var admin = AdminOf(system);
        var budgeted = await TenantAsync(admin, cancellationToken);
        var budget = new
        {
            tenantId = budgeted, name = "all", scope = "BUDGET_SCOPE_TENANT", amount = new { amount = "1000", currency = "USD" }, period = "BUDGET_PERIOD_LIFETIME", countsSimulated = true,
        };
        await PostAsync(admin, "/admin/v1/budgets", budget, cancellationToken);
        var free = await TenantAsync(admin, cancellationToken);
        var fresh = new List<string>();
        for (var count = 0; count < unmet; count++)
            fresh.Add(await KeyAsync(admin, free, cancellationToken));
        return new OutageAccounts(await KeyAsync(admin, budgeted, cancellationToken), await KeyAsync(admin, free, cancellationToken), free, fresh);
    }

    public static HttpClient AdminOf(SystemUnderTest system)
    {
        var admin = new HttpClient { BaseAddress = system.Admin };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", system.AdminKey);
        return admin;
    }

    private static async Task<string> TenantAsync(HttpClient admin, CancellationToken cancellationToken)
    {
        var tenant = $"measured-{Guid.CreateVersion7():N}";
        await PostAsync(admin, "/admin/v1/tenants", new { tenantId = tenant, name = "Measured", currency = "USD" }, cancellationToken);
        await PostAsync(admin, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Default" }, cancellationToken);
        return tenant;
    }

    private static async Task<string> KeyAsync(HttpClient admin, string tenant, CancellationToken cancellationToken)
    {
        var limits = new object[]
        {
            new { kind = "LIMIT_KIND_REQUESTS", amount = 1_000_000, window = "60s" }, new { kind = "LIMIT_KIND_TOKENS", amount = 1_000_000_000, window = "60s" },
        };
        var made = await PostAsync(admin, $"/admin/v1/tenants/{tenant}/keys", new { projectId = "default", name = "Measured", limits }, cancellationToken);
        return made.GetProperty("secret").GetString()!;
    }

    private static async Task<JsonElement> PostAsync(HttpClient admin, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await admin.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }
}
