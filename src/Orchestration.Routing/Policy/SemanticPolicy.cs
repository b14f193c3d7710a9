using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Routing.Policy;

/// <summary>When an answer may be given again for a question that means the same.</summary>
/// <param name="Mode">How far.</param>
/// <param name="FalseHitBudget">Largest share of hits that may be answers to another question.</param>
/// <param name="Ttl">How long an answer may be given again.</param>
/// <param name="Embedder">Who makes the vectors.</param>
/// <param name="Recheck">Share of questions that are compared while others are answered.</param>
/// <param name="MaxEntries">Most answers of one partition.</param>
/// <param name="Deadline">Longest wait for the look into the cache.</param>
internal sealed record SemanticPolicy(
    SemanticMode Mode, decimal FalseHitBudget, TimeSpan Ttl, PolicyReference Embedder, decimal Recheck, int MaxEntries, TimeSpan Deadline)
{
    /// <summary>The embedder that is no model.</summary>
    public const string Lexical = "lexical";

    private const string DefaultEmbedder = "embedding";
    private static readonly TimeSpan DefaultTtl = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromMilliseconds(50);

    public static SemanticPolicy? Read(YamlSection? section)
    {
        if (section is null) return null;
        var mode = ModeOf(section);
        var policy = new SemanticPolicy(
            mode ?? SemanticMode.Unspecified,
            section.Number("false_hit_budget", 0.001m, 0.1m) ?? 0.01m,
            section.Duration("ttl", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? DefaultTtl,
            new PolicyReference(section.Text("embedder", whenAbsent: DefaultEmbedder), section.LineOf("embedder")),
            section.Number("recheck", 0.01m, 1m) ?? 0.05m,
            section.Integer("max_entries", 100, 50_000) ?? 5_000,
            section.Duration("deadline", TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(2)) ?? DefaultDeadline);
        section.Close();
        return mode is SemanticMode.Shadow or SemanticMode.Serve ? policy : null;
    }

    public SemanticRules ToRules() => new()
    {
        Mode = Mode,
        FalseHitBudget = (double)FalseHitBudget,
        Ttl = Duration.FromTimeSpan(Ttl),
        Embedder = Embedder.Target,
        Recheck = (double)Recheck,
        MaxEntries = MaxEntries,
        Deadline = Duration.FromTimeSpan(Deadline),
    };

    private static SemanticMode? ModeOf(YamlSection section)
    {
        switch (section.Text("mode"))
        {
            case "off": return SemanticMode.Unspecified;
            case "shadow": return SemanticMode.Shadow;
            case "serve": return SemanticMode.Serve;
            case "": return null;
            default:
                section.Fail("mode", "is not off, shadow or serve");
                return null;
        }
    }
}
