using Orchestration.Metrics.Rollups;

namespace Orchestration.Metrics.Reconciliation.Checks;

/// <summary>
/// Rollups beside rollups. Every row counts once in the day's total and once in each of the others, so that their sums are the same; the total
/// itself is compared with the rows by <see cref="DayChecks"/>. What a process of an older version left out is found here.
/// </summary>
internal static class SliceChecks
{
    // End users and tags are not here: not every request has one, and some have several.
    private static readonly string[] Dimensions =
    [
        SliceDimension.Project, SliceDimension.Key, SliceDimension.Route, SliceDimension.RequestClass, SliceDimension.Provider, SliceDimension.Model,
        SliceDimension.Purpose, SliceDimension.ProjectModel,
    ];

    private static readonly string[] Measures = [.. RollupTables.UsageCounts, .. RollupTables.UsageAmounts];

    private static readonly string Sums = string.Join(", ", Measures.Select(measure => $"sum({measure}) AS {measure}"));

    private static readonly string Compared = $"""
        SELECT 'slice', k.tenant_id, k.place || ' ' || m.name || ' ' || k.currency || CASE WHEN k.simulated THEN ' simulated' ELSE '' END,
            coalesce(m.expected, 0)::text, coalesce(m.actual, 0)::text, count(*) OVER ()
        FROM keys k
        LEFT JOIN expected e ON (e.place, e.tenant_id, e.currency, e.simulated) = (k.place, k.tenant_id, k.currency, k.simulated)
        LEFT JOIN actual a ON (a.place, a.tenant_id, a.currency, a.simulated) = (k.place, k.tenant_id, k.currency, k.simulated)
        CROSS JOIN LATERAL (VALUES {string.Join(", ", Measures.Select(measure => $"('{measure}', e.{measure}, a.{measure})"))}) m (name, expected, actual)
        """;

    /// <summary>The slices and cells of a day, by dimension and width, beside the day's total; parameters as in <see cref="DayChecks"/>.</summary>
    public static readonly string Day = $"""
        WITH {UsageTenants.All},
        places (dimension, grain) AS (
            SELECT d, g FROM unnest(ARRAY['{string.Join("', '", Dimensions)}']) d, unnest(ARRAY['day', 'quarter']) g UNION ALL VALUES ('total', 'quarter')),
        total AS (
            SELECT t.id AS tenant_id, u.* FROM tenants t CROSS JOIN LATERAL (
                SELECT currency, simulated, {Sums} FROM usage_slices s
                WHERE s.tenant_id = t.id AND s.dimension = 'total' AND s.grain = 'day' AND s.bucket = $1 GROUP BY 1, 2 OFFSET 0) u),
        expected AS (
            SELECT p.place, total.* FROM total CROSS JOIN (SELECT dimension || ' by ' || grain AS place FROM places UNION ALL VALUES ('cells')) p),
        actual AS (
            SELECT p.dimension || ' by ' || p.grain AS place, t.id AS tenant_id, u.* FROM tenants t CROSS JOIN places p CROSS JOIN LATERAL (
                SELECT currency, simulated, {Sums} FROM usage_slices s
                WHERE s.tenant_id = t.id AND s.dimension = p.dimension AND s.grain = p.grain AND s.bucket >= $1 AND s.bucket < $2 GROUP BY 1, 2 OFFSET 0) u
            UNION ALL
            SELECT 'cells', t.id, u.* FROM tenants t CROSS JOIN LATERAL (
                SELECT currency, simulated, {Sums} FROM usage_cells c
                WHERE c.tenant_id = t.id AND c.bucket >= $1 AND c.bucket < $2 GROUP BY 1, 2 OFFSET 0) u),
        keys AS (SELECT place, tenant_id, currency, simulated FROM expected UNION SELECT place, tenant_id, currency, simulated FROM actual)
        {Compared}
        WHERE coalesce(m.expected, 0) <> coalesce(m.actual, 0) AND $3 IS NOT NULL ORDER BY 2, 3 LIMIT $4
        """;

    /// <summary>A month of end users and tags beside its days; parameters as in <see cref="DayChecks"/>, of the month.</summary>
    public static readonly string Month = $"""
        WITH {UsageTenants.All},
        places (dimension) AS (VALUES ('{SliceDimension.EndUser}'), ('{SliceDimension.Tag}')),
        sums AS (
            SELECT p.dimension || ' by month ' || to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM') AS place, t.id AS tenant_id, g.grain, u.*
            FROM tenants t CROSS JOIN places p CROSS JOIN (VALUES ('day'), ('month')) g (grain) CROSS JOIN LATERAL (
                SELECT currency, simulated, {Sums} FROM usage_slices s
                WHERE s.tenant_id = t.id AND s.dimension = p.dimension AND s.grain = g.grain AND s.bucket >= $1 AND s.bucket < $2
                GROUP BY 1, 2 OFFSET 0) u),
        expected AS (SELECT * FROM sums WHERE grain = 'day'),
        actual AS (SELECT * FROM sums WHERE grain = 'month'),
        keys AS (SELECT DISTINCT place, tenant_id, currency, simulated FROM sums)
        {Compared}
        WHERE coalesce(m.expected, 0) <> coalesce(m.actual, 0) AND $3 IS NOT NULL ORDER BY 2, 3 LIMIT $4
        """;
}
