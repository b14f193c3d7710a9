using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>What is asked of every vendor, in the order of the table.</summary>
internal static class Columns
{
    public const string Plain = "plain";
    public const string Stream = "stream";
    public const string Tools = "tools";
    public const string Parallel = "parallel tools";
    public const string Reasoning = "reasoning with tools";
    public const string Schema = "JSON schema";
    public const string Image = "image";
    public const string Usage = "usage";
    public const string CutFin = "cut, FIN";
    public const string CutReset = "cut, RST";
    public const string Embeddings = "embeddings";
    public const string Rerank = "rerank";

    /// <summary>Classes of errors: what the simulator is told, and what must come out.</summary>
    public static readonly IReadOnlyDictionary<string, (string Kind, FailureClass Expected)> Errors = new Dictionary<string, (string, FailureClass)>
    {
        ["auth"] = ("auth", FailureClass.ProviderAuth),
        ["balance"] = ("balance", FailureClass.ProviderBalance),
        ["rate"] = ("rate", FailureClass.ProviderRateLimited),
        ["concurrency"] = ("concurrency", FailureClass.ProviderConcurrency),
        ["overload"] = ("overload", FailureClass.ProviderOverloaded),
        ["context"] = ("context", FailureClass.ContextLength),
        ["filter"] = ("filter", FailureClass.ContentFilter),
        ["model"] = ("model", FailureClass.ProviderModelNotFound),
        ["server"] = ("server", FailureClass.ProviderError),
    };

    public static readonly IReadOnlyList<string> All =
        [Plain, Stream, Tools, Parallel, Reasoning, Schema, Image, Usage, .. Errors.Keys, CutFin, CutReset, Embeddings, Rerank];

    /// <summary>Names that are short enough for a screen.</summary>
    public static string Short(string column) => column switch
    {
        Parallel => "paral.",
        Reasoning => "reason.",
        Schema => "schema",
        "concurrency" => "concur.",
        "overload" => "overl.",
        CutFin => "FIN",
        CutReset => "RST",
        Embeddings => "embed.",
        _ => column,
    };
}
