using static Orchestration.Gateway.Tests.Access.Ruling;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>The one table of what every endpoint makes of every credential in every place.</summary>
internal static class PolicyTable
{
    /// <summary>By credential: alone in a place where one is looked for, in a form or place that is refused, and where nobody looks.</summary>
    private static readonly Dictionary<Credential, (Ruling Alone, Ruling Refused, Ruling Unseen)> Rulings = new()
    {
        [Credential.None] = (Missing, Missing, Missing),
        [Credential.Malformed] = (Invalid, Ambiguous, Missing),
        [Credential.Unknown] = (Invalid, Ambiguous, Missing),
        [Credential.Expired] = (Expired, Ambiguous, Missing),
        [Credential.Revoked] = (Invalid, Ambiguous, Missing),
        [Credential.WrongScope] = (OutOfScope, Ambiguous, Missing),
        [Credential.Operator] = (Invalid, Ambiguous, Missing),
        [Credential.OtherTenant] = (Served, Ambiguous, Missing),
        [Credential.Right] = (Served, Ambiguous, Missing),
    };

    public static Ruling Of(PolicyRow row, Credential credential, Place place)
    {
        if (row.IsOpen)
            return Served;
        var (alone, refused, unseen) = Rulings[credential];
        var ruling = place switch
        {
            Place.Bearer or Place.BearerInLowerCase or Place.XApiKey or Place.ApiKey or Place.Everywhere => alone,
            Place.Cookie or Place.ProxyAuthorization => unseen,
            // What stands beside it is the only credential then.
            Place.BesideAnother when credential == Credential.None => Invalid,
            Place.QueryBesideRight when credential == Credential.None => Served,
            _ => refused,
        };
        return ruling switch
        {
            OutOfScope when row.Scope is null => Served,
            Served when row.IsOwned && credential == Credential.OtherTenant => NotThere,
            _ => ruling,
        };
    }

    /// <summary>How a ruling is told by HTTP: status, OpenAI's code and Anthropic's type.</summary>
    public static (int Status, string Code, string AnthropicType) Http(PolicyRow row, Ruling ruling) => ruling switch
    {
        Served => (row.ServedStatus, "", ""),
        Missing => (401, "missing_api_key", "authentication_error"),
        Invalid => (401, "invalid_api_key", "authentication_error"),
        Expired => (401, "api_key_expired", "authentication_error"),
        OutOfScope => (403, "scope_missing", "permission_error"),
        NotThere => (404, row.Route is "/v1/requests/{id}" or "/v1/feedback" ? "request_not_found" : "not_found", "not_found_error"),
        _ => (400, "ambiguous_credentials", "invalid_request_error"),
    };

    /// <summary>How a ruling is told by gRPC: status and our code.</summary>
    public static (int Status, string Code) Grpc(Ruling ruling) => ruling switch
    {
        Served => (0, ""),
        Missing => (16, "missing_api_key"),
        Invalid => (16, "invalid_api_key"),
        Expired => (16, "api_key_expired"),
        OutOfScope => (7, "scope_missing"),
        NotThere => (5, "request_not_found"),
        _ => (3, "ambiguous_credentials"),
    };
}
