using System.Buffers;
using System.Net;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>What operators may write. Each check returns what is wrong, or null.</summary>
internal static class AccountChecks
{
    private const int LongestId = 64;
    private const int LongestName = 256;
    private const int MostModels = 256;
    private const int MostScopes = 64;
    private const int MostNetworks = 64;
    private const int MostCaptureDays = 365;
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsId(string id) => id.Length is > 0 and <= LongestId && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    public static Failure? Id(string id, string param) => IsId(id)
        ? null
        : Failures.Invalid("invalid_id", "An id has 1 to 64 lower-case letters, digits and hyphens.", param);

    public static Failure? Name(string name) => IsText(name) && name.Length > 0
        ? null
        : Failures.Invalid("invalid_name", "A name has 1 to 256 characters and no control characters.", "name");

    public static Failure? CostCentre(string text) => IsText(text) && text.Length <= LongestId
        ? null
        : Failures.Invalid("invalid_cost_centre", "A cost centre has at most 64 characters and no control characters.", "cost_centre");

    public static Failure? Currency(string currency) => currency.Length == 3 && currency.All(char.IsAsciiLetterUpper)
        ? null
        : Failures.Invalid("invalid_currency", "A currency is three capital letters, for example 'CNY'.", "currency");

    public static Failure? TimeZone(string zone) => zone.Length <= LongestId && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId
        ? null
        : Failures.Invalid("invalid_time_zone", "The time zone is an IANA name, for example 'Asia/Shanghai'.", "time_zone");

    public static Failure? CaptureDays(int days) => days is >= 0 and <= MostCaptureDays
        ? null
        : Failures.Invalid("invalid_capture_days", "Prompts and answers are kept for 0 to 365 days.", "capture_days");

    public static Failure? Scopes(IReadOnlyCollection<string> scopes) => scopes.Count <= MostScopes && scopes.All(KeyScopes.IsKnown)
        ? null
        : Failures.Invalid(
            "invalid_scopes",
            "A key has at most 64 scopes: 'chat', 'embeddings', 'rerank', 'rag.read:COLLECTION', 'rag.write:COLLECTION', with * for every collection.",
            "scopes");

    public static Failure? Models(IReadOnlyCollection<string> models) => models.Count <= MostModels && models.All(IsModel)
        ? null
        : Failures.Invalid("invalid_models", "A key names at most 256 models of 1 to 256 characters each, with * at the end only.", "models");

    public static Failure? Networks(IReadOnlyCollection<string> networks) => networks.Count <= MostNetworks && networks.All(network => IPNetwork.TryParse(network, out _))
        ? null
        : Failures.Invalid("invalid_networks", "A key names at most 64 networks, for example '10.0.0.0/8'.", "networks");

    public static Failure? Times(Timestamp? notBefore, Timestamp? expiresAt, DateTimeOffset now)
    {
        if (expiresAt is not null && expiresAt.ToDateTimeOffset() <= now)
            return Failures.Invalid("invalid_expiry", "The end of a key lies in the future.", "expires_at");
        return notBefore is not null && expiresAt is not null && notBefore >= expiresAt
            ? Failures.Invalid("invalid_not_before", "A key begins before it ends.", "not_before")
            : null;
    }

    public static bool IsText(string text) => text.Length <= LongestName && !text.Any(char.IsControl);

    private static bool IsModel(string model) =>
        model.Length is > 0 and <= LongestName && !model.Any(char.IsControl) && model.IndexOf('*') is var star && (star < 0 || star == model.Length - 1);
}
