using System.Collections.Frozen;

namespace Orchestration.Simulator.Vendors;

/// <summary>Kinds of refusals that every vendor has its own bodies for; a vendor without one for a kind uses that of the kind beside it.</summary>
internal static class ErrorClass
{
    public const string Invalid = "invalid";

    /// <summary>Parameters out of range, where the vendor tells them from other wrong requests.</summary>
    public const string Parameters = "parameters";

    public const string Auth = "auth";
    public const string Region = "region";
    public const string Disabled = "disabled";
    public const string Permission = "permission";
    public const string NotEnabled = "not-enabled";
    public const string Balance = "balance";
    public const string Quota = "quota";
    public const string Rate = "rate";
    public const string TokenRate = "tpm";
    public const string Concurrency = "concurrency";
    public const string Overload = "overload";
    public const string Filter = "filter";
    public const string FilterOutput = "filter-output";
    public const string Context = "context";
    public const string Model = "model";
    public const string Retired = "retired";
    public const string Server = "server";
    public const string Timeout = "timeout";

    private static readonly FrozenDictionary<string, string> Parents = new Dictionary<string, string>
    {
        [Invalid] = Invalid, [Parameters] = Invalid, [Auth] = Auth, [Region] = Auth, [Disabled] = Auth, [Permission] = Permission, [NotEnabled] = Permission,
        [Balance] = Balance, [Quota] = Rate, [Rate] = Rate, [TokenRate] = Rate, [Concurrency] = Rate, [Overload] = Overload,
        [Filter] = Filter, [FilterOutput] = Filter, [Context] = Context, [Model] = Model, [Retired] = Model, [Server] = Server, [Timeout] = Server,
    }.ToFrozenDictionary();

    public static IEnumerable<string> All => Parents.Keys.Order();

    public static bool IsKnown(string kind) => Parents.ContainsKey(kind);

    public static string ParentOf(string kind) => Parents[kind];

    /// <summary>The usual status of a class, for protocols that tell errors by status.</summary>
    public static int StatusOf(string kind) => ParentOf(kind) switch
    {
        Auth => 401,
        Balance => 402,
        Permission => 403,
        Model => 404,
        Context => 413,
        Rate => 429,
        Overload => 503,
        Server => 500,
        _ => 400,
    };

    /// <summary>What a bare status means, as far as it means anything.</summary>
    public static string OfStatus(int status) => status switch
    {
        400 => Invalid,
        401 => Auth,
        402 => Balance,
        403 => Permission,
        404 => Model,
        413 => Context,
        429 => Rate,
        503 => Overload,
        _ => Server,
    };
}
