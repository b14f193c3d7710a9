using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Budgets;

/// <summary>A tenant with a budget of its own, of a project and of two keys, each of which comes to its end before that of the tenant does.</summary>
internal sealed record BudgetedTenant(string Id, string Currency, IReadOnlyList<BudgetedKey> Keys, IReadOnlyList<LimitedBudget> Budgets)
{
    // What "a" and the key "b1" may have leaves a third for "b2", which has no limit but the tenant's. A key with a small budget spends slowly, since few
    // worst cases fit into it at once; so "a1" may have no more than a third of its project, or "a2" would have spent that before.
    private const decimal ProjectShare = 0.45m;
    private const decimal FirstKeyShare = 0.15m;
    private const decimal SecondKeyShare = 0.2m;

    public static async Task<BudgetedTenant> CreateAsync(SystemUnderTest system, string currency, decimal amount, CancellationToken cancellationToken)
    {
        using var admin = new HttpClient { BaseAddress = system.Admin };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", system.AdminKey);
        var tenant = $"measured-{currency.ToLowerInvariant()}-{Guid.CreateVersion7():N}";
        await PostAsync(admin, "/admin/v1/tenants", new { tenantId = tenant, name = "Measured", currency }, cancellationToken);
        var keys = new List<BudgetedKey>();
        foreach (var (project, name, weight) in ((string, string, int)[])[("a", "a1", 3), ("a", "a2", 3), ("b", "b1", 3), ("b", "b2", 2)])
        {
            if (keys.TrueForAll(key => key.Project != project))
                await PostAsync(admin, $"/admin/v1/tenants/{tenant}/projects", new { projectId = project, name = project }, cancellationToken);
            var made = await PostAsync(admin, $"/admin/v1/tenants/{tenant}/keys", new { projectId = project, name }, cancellationToken);
            keys.Add(new BudgetedKey(project, name, made.GetProperty("key").GetProperty("keyId").GetString()!, made.GetProperty("secret").GetString()!, weight));
        }

        var budgets = new List<LimitedBudget>();
        foreach (var (name, scope, scopeId, share) in ((string, string, string, decimal)[])
        [
            ("tenant", "BUDGET_SCOPE_TENANT", "", 1), ("project a", "BUDGET_SCOPE_PROJECT", "a", ProjectShare),
            ("key a1", "BUDGET_SCOPE_KEY", keys[0].Id, FirstKeyShare), ("key b1", "BUDGET_SCOPE_KEY", keys[2].Id, SecondKeyShare),
        ])
        {
            var limit = amount * share;
            var money = new { amount = limit.ToString(CultureInfo.InvariantCulture), currency };
            var made = await PostAsync(
                admin, "/admin/v1/budgets", new { tenantId = tenant, name, scope, scopeId, amount = money, period = "BUDGET_PERIOD_LIFETIME", countsSimulated = true }, cancellationToken);
            budgets.Add(new LimitedBudget(Guid.Parse(made.GetProperty("id").GetString()!), name, scopeId, limit));
        }

        return new BudgetedTenant(tenant, currency, keys, budgets);
    }

    /// <summary>The budgets that limit requests of a key.</summary>
    public IEnumerable<LimitedBudget> BudgetsOf(string project, string keyId) =>
        Budgets.Where(budget => budget.ScopeId.Length == 0 || budget.ScopeId == project || budget.ScopeId == keyId);

    private static async Task<JsonElement> PostAsync(HttpClient admin, string path, object body, CancellationToken cancellationToken)
    {
        using var response = await admin.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{path}: {text}");
    }
}

/// <param name="Project">Project that it belongs to.</param>
/// <param name="Name">For people.</param>
/// <param name="Id">Public id.</param>
/// <param name="Secret">The whole key.</param>
/// <param name="Weight">How often it is used, against the others of its tenant.</param>
internal sealed record BudgetedKey(string Project, string Name, string Id, string Secret, int Weight);

/// <param name="Id">The ledger's id.</param>
/// <param name="Name">For people.</param>
/// <param name="ScopeId">Project or key; empty for the tenant.</param>
/// <param name="Amount">Most that may be spent.</param>
internal sealed record LimitedBudget(Guid Id, string Name, string ScopeId, decimal Amount);
