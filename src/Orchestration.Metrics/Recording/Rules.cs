using System.Buffers;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Messages;

namespace Orchestration.Metrics.Recording;

/// <summary>
/// What the ledger can hold. A rule returns null or the reason for refusing. Only what is impossible is refused: a value that is
/// merely unusual is somebody's usage and has to be booked.
/// </summary>
internal static class Rules
{
    private const int MaxScale = 15;
    private const decimal MoneyLimit = 1_000_000_000_000_000m;

    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SearchValues<char> TenantAlphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly string[] Purposes = [.. PurposeNames.All];
    private static readonly string[] Settlements = ["exact", "estimated", "released"];

    public static string? Id(string member, Guid id) => id.Version == 7 ? null : $"{member}: not a UUIDv7";

    public static string? Moment(string member, DateTimeOffset moment) =>
        moment >= Earliest && moment < Latest ? null : $"{member}: not a plausible time";

    /// <summary>As <see cref="Moment"/>, but a rate within one currency may have no day, told as the epoch of Unix.</summary>
    public static string? RateDay(string member, DateTimeOffset day) =>
        day == DateTimeOffset.UnixEpoch ? null : Moment(member, day);

    /// <summary>Any text will do: <see cref="StoredText"/> makes it fit.</summary>
    public static string? Text(string member, string? text) => text is null ? $"{member}: missing" : null;

    public static string? Money(string member, decimal amount) => amount switch
    {
        < 0 => $"{member}: negative",
        >= MoneyLimit => $"{member}: too large",
        _ when decimal.Round(amount, MaxScale) != amount => $"{member}: more than {MaxScale} digits after the point",
        _ => null,
    };

    public static string? Rate(string member, decimal rate) => rate == 0 ? $"{member}: zero" : Money(member, rate);

    public static string? Count(string member, long count) => count < 0 ? $"{member}: negative" : null;

    public static string? Milliseconds(string member, double? milliseconds) =>
        milliseconds is null or (>= 0 and < 1e12) ? null : $"{member}: not a plausible duration";

    public static string? Currency(string member, string? currency) =>
        currency is { Length: 3 } && currency.All(char.IsAsciiLetterUpper) ? null : $"{member}: not an ISO 4217 code";

    public static string? Settlement(string? settlement) => OneOf("settlement", settlement, Settlements);

    public static string? OneOf(string member, string? value, params ReadOnlySpan<string> allowed)
    {
        foreach (var candidate in allowed)
        {
            if (string.Equals(candidate, value, StringComparison.Ordinal))
                return null;
        }

        return $"{member}: not one of the known values";
    }

    public static string? Dimensions(LedgerDimensions? dimensions) =>
        dimensions is null
            ? "dimensions: missing"
            : Tenant(dimensions.TenantId)
              ?? Text("project_id", dimensions.ProjectId)
              ?? Text("key_id", dimensions.KeyId)
              ?? Text("end_user", dimensions.EndUser)
              ?? Text("session_id", dimensions.SessionId)
              ?? OneOf("purpose", dimensions.Purpose, Purposes)
              ?? Text("route", dimensions.Route)
              ?? Text("request_class", dimensions.RequestClass)
              ?? Text("policy_version", dimensions.PolicyVersion)
              ?? Currency("currency", dimensions.Currency)
              ?? Moment("request_started_at", dimensions.RequestStartedAt)
              ?? (dimensions.Tags is null ? "tags: missing" : null);

    private static string? Tenant(string? tenantId) =>
        tenantId is { Length: > 0 and <= 64 } && !tenantId.AsSpan().ContainsAnyExcept(TenantAlphabet)
            ? null
            : "tenant_id: not a tenant id";
}
