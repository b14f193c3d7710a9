namespace Orchestration.Metrics.Rollups;

/// <summary>Who has usage.</summary>
internal static class UsageTenants
{
    /// <summary>First term after WITH: the tenants of all slices, by jumping from one to the next in the key. Its last row is null.</summary>
    public const string All = """
        RECURSIVE tenants (id) AS (
            (SELECT tenant_id FROM usage_slices ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT u.tenant_id FROM usage_slices u WHERE u.tenant_id > tenants.id ORDER BY u.tenant_id LIMIT 1)
            FROM tenants WHERE tenants.id IS NOT NULL)
        """;
}
