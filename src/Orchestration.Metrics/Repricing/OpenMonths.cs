namespace Orchestration.Metrics.Repricing;

/// <summary>Which month carries a correction.</summary>
internal static class OpenMonths
{
    /// <summary>
    /// SQL of the first month, "2026-11", from the one of an instant on that is not closed for a tenant. Tenants may close months in several
    /// zones, so that the month of now in one zone is closed already by another.
    /// </summary>
    /// <param name="instant">SQL of the instant.</param>
    /// <param name="zone">SQL of the time zone's name.</param>
    /// <param name="tenant">SQL of the tenant's id.</param>
    public static string At(string instant, string zone, string tenant) => $"""
        (SELECT to_char(booking.month, 'YYYY-MM')
         FROM generate_series(date_trunc('month', {instant} AT TIME ZONE {zone}), date_trunc('month', {instant} AT TIME ZONE {zone}) + interval '24 months', interval '1 month') booking (month)
         WHERE NOT EXISTS (SELECT FROM closed_months taken WHERE taken.tenant_id IN ('', {tenant}) AND taken.month = to_char(booking.month, 'YYYY-MM'))
         ORDER BY booking.month LIMIT 1)
        """;
}
