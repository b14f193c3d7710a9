namespace Orchestration.Gateway.Tests.Access;

/// <summary>What a request shows.</summary>
internal enum Credential
{
    None,
    Malformed,
    Unknown,
    Expired,
    Revoked,
    WrongScope,
    OtherTenant,

    /// <summary>The key of an operator, which opens the admin API and nothing else.</summary>
    Operator,
    Right,
}

/// <summary>Where it shows it.</summary>
internal enum Place
{
    Bearer,
    BearerInLowerCase,
    XApiKey,
    ApiKey,

    /// <summary>The same in all of the three.</summary>
    Everywhere,

    /// <summary>In the Authorization header, by a scheme that is not taken.</summary>
    Basic,

    /// <summary>In the Authorization header, and a different one beside it.</summary>
    BesideAnother,

    /// <summary>Under every name that stands for a credential in a query.</summary>
    Query,

    /// <summary>In the query, beside the right key in the Authorization header.</summary>
    QueryBesideRight,
    Cookie,
    ProxyAuthorization,
}

/// <summary>What becomes of it.</summary>
internal enum Ruling
{
    Served,
    Missing,
    Invalid,
    Expired,
    OutOfScope,

    /// <summary>There is no such thing for this tenant.</summary>
    NotThere,

    /// <summary>Two credentials, or one where none may stand.</summary>
    Ambiguous,
}
